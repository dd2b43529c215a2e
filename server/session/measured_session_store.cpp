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

asio::awaitable<Result<std::optional<Session>>> MeasuredSessionStore::find(std::string key,
                                                                           std::int64_t now) {
    return measured("find", store_->find(std::move(key), now));
}

asio::awaitable<Status> MeasuredSessionStore::create(std::string key, Session session, std::int64_t now) {
    auto created = co_await measured("create", store_->create(std::move(key), std::move(session), now));
    if (created) metrics_.sessions_created.add();
    co_return created;
}

asio::awaitable<Status> MeasuredSessionStore::replace(std::string key, Session session) {
    return measured("replace", store_->replace(std::move(key), std::move(session)));
}

asio::awaitable<Status> MeasuredSessionStore::erase(std::string key) {
    return measured("erase", store_->erase(std::move(key)));
}

asio::awaitable<Status> MeasuredSessionStore::erase_account(std::string account) {
    return measured("erase_account", store_->erase_account(std::move(account)));
}

}  // namespace cadenza::server
