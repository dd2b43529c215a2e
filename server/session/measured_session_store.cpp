#include "server/session/measured_session_store.hpp"

#include <algorithm>

namespace cadenza::server {

template <class T>
asio::awaitable<Result<T>> MeasuredSessionStore::measured(const char* operation, Kind kind,
                                                          asio::awaitable<Result<T>> work) {
    const auto began = std::chrono::steady_clock::now();
    auto result = co_await std::move(work);
    metrics_.store_duration.observe(seconds_since(began), {kind_, operation});
    metrics_.store_ops.add({kind_, operation, result ? "ok" : "failed"});
    note(kind, result.has_value());
    co_return result;
}

void MeasuredSessionStore::note(Kind kind, bool well) {
    const auto set = [this](Kind which, bool fails) { failing_[static_cast<std::size_t>(which)] = fails; };
    set(kind, !well);
    if (well && kind == Kind::write)
        set(Kind::end, false);  // which is rare, and needs no more than writing does
    const bool failing = std::any_of(failing_.begin(), failing_.end(), [](bool fails) { return fails; });
    metrics_.store_degraded.set(failing || store_.stands_in() ? 1 : 0);
}

asio::awaitable<Result<std::optional<FoundSession>>> MeasuredSessionStore::find(Secret ticket,
                                                                                std::int64_t now) {
    return measured("find", Kind::read, store_.find(std::move(ticket), now));
}

asio::awaitable<Result<Secret>> MeasuredSessionStore::create(Session session, std::int64_t now) {
    auto created = co_await measured("create", Kind::write, store_.create(std::move(session), now));
    if (created) metrics_.sessions_created.add();
    co_return created;
}

asio::awaitable<Result<Replaced>> MeasuredSessionStore::replace(Secret ticket, Session session) {
    return measured("replace", Kind::write, store_.replace(std::move(ticket), std::move(session)));
}

asio::awaitable<Status> MeasuredSessionStore::erase(std::string key) {
    return measured("erase", Kind::end, store_.erase(std::move(key)));
}

asio::awaitable<Status> MeasuredSessionStore::erase_account(std::string account) {
    return measured("erase_account", Kind::end, store_.erase_account(std::move(account)));
}

asio::awaitable<Result<std::vector<SessionSummary>>> MeasuredSessionStore::list(std::string account,
                                                                                std::int64_t now) {
    return measured("list", Kind::read, store_.list(std::move(account), now));
}

asio::awaitable<Result<bool>> MeasuredSessionStore::revoke(std::string account, std::string id) {
    return measured("revoke", Kind::end, store_.revoke(std::move(account), std::move(id)));
}

asio::awaitable<Status> MeasuredSessionStore::revoke_others(std::string account, std::string kept_id) {
    return measured("revoke_others", Kind::end, store_.revoke_others(std::move(account), std::move(kept_id)));
}

asio::awaitable<Result<bool>> MeasuredSessionStore::hold(std::string key, std::string holder,
                                                         std::chrono::milliseconds time) {
    return measured("hold", Kind::write, store_.hold(std::move(key), std::move(holder), time));
}

asio::awaitable<Status> MeasuredSessionStore::let_go(std::string key, std::string holder) {
    return measured("let_go", Kind::end, store_.let_go(std::move(key), std::move(holder)));
}

}  // namespace cadenza::server
