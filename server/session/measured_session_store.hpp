#pragma once

#include "server/base/server_metrics.hpp"
#include "server/session/session_store.hpp"

#include <memory>

namespace cadenza::server {

// Any store, with its operations counted and timed.
class MeasuredSessionStore final : public SessionStore {
public:
    // `kind` is what the metrics call it: "memory".
    MeasuredSessionStore(std::unique_ptr<SessionStore> store, std::string kind, ServerMetrics& metrics)
        : store_(std::move(store)), kind_(std::move(kind)), metrics_(metrics) {}

    asio::awaitable<Result<std::optional<Session>>> find(std::string key, std::int64_t now) override;
    asio::awaitable<Status> create(std::string key, Session session, std::int64_t now) override;
    asio::awaitable<Status> replace(std::string key, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;

private:
    template <class T>
    asio::awaitable<Result<T>> measured(const char* operation, asio::awaitable<Result<T>> work);

    std::unique_ptr<SessionStore> store_;
    std::string kind_;
    ServerMetrics& metrics_;
};

}  // namespace cadenza::server
