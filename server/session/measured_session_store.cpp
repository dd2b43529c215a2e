#include "server/session/measured_session_store.hpp"

namespace cadenza::server {

template <class T>
asio::awaitable<Result<T>> MeasuredSessionStore::measured(const char* operation,
                                                          asio::awaitable<Result<T>> work) {
    const auto began = std::chrono::steady_clock::now();
    auto result = co_await std::move(work);
    metrics_.store_duration.observe(seconds_since(began), {kind_, operation});
    metrics_.store_ops.add({kind_, operation, result ? "ok" : "failed"});
    metrics_.store_degraded.set(result ? 0 : 1);
    co_return result;
}

asio::awaitable<Result<std::optional<FoundSession>>> MeasuredSessionStore::find(Secret ticket,
                                                                                std::int64_t now) {
    return measured("find", store_.find(std::move(ticket), now));
}

asio::awaitable<Result<Secret>> MeasuredSessionStore::create(Session session, std::int64_t now) {
    auto created = co_await measured("create", store_.create(std::move(session), now));
    if (created) metrics_.sessions_created.add();
    co_return created;
}

asio::awaitable<Result<Replaced>> MeasuredSessionStore::replace(Secret ticket, Session session) {
    return measured("replace", store_.replace(std::move(ticket), std::move(session)));
}

asio::awaitable<Status> MeasuredSessionStore::erase(std::string key) {
    return measured("erase", store_.erase(std::move(key)));
}

asio::awaitable<Status> MeasuredSessionStore::erase_account(std::string account) {
    return measured("erase_account", store_.erase_account(std::move(account)));
}

asio::awaitable<Result<std::vector<SessionSummary>>> MeasuredSessionStore::list(std::string account,
                                                                                std::int64_t now) {
    return measured("list", store_.list(std::move(account), now));
}

asio::awaitable<Result<bool>> MeasuredSessionStore::revoke(std::string account, std::string id) {
    return measured("revoke", store_.revoke(std::move(account), std::move(id)));
}

asio::awaitable<Status> MeasuredSessionStore::revoke_others(std::string account, std::string kept_id) {
    return measured("revoke_others", store_.revoke_others(std::move(account), std::move(kept_id)));
}

asio::awaitable<Result<bool>> MeasuredSessionStore::hold(std::string key, std::string holder,
                                                         std::chrono::milliseconds time) {
    return measured("hold", store_.hold(std::move(key), std::move(holder), time));
}

asio::awaitable<Status> MeasuredSessionStore::let_go(std::string key, std::string holder) {
    return measured("let_go", store_.let_go(std::move(key), std::move(holder)));
}

}  // namespace cadenza::server
