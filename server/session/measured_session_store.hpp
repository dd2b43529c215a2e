#pragma once

#include "server/base/server_metrics.hpp"
#include "server/session/session_store.hpp"

#include <array>
#include <cstdint>

namespace cadenza::server {

// Any store, with its operations counted and timed.
class MeasuredSessionStore final : public SessionStore {
public:
    // `kind` is what the metrics call it: "memory". The others must outlive this.
    MeasuredSessionStore(SessionStore& store, std::string kind, ServerMetrics& metrics)
        : store_(store), kind_(std::move(kind)), metrics_(metrics) {}

    StoreAbilities abilities() const override { return store_.abilities(); }
    bool stands_in() const override { return store_.stands_in(); }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override { return store_.key_of(ticket); }
    asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) override;
    asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account, std::int64_t now) override;
    asio::awaitable<Result<bool>> revoke(std::string account, std::string id) override;
    asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) override;
    asio::awaitable<Result<bool>> hold(std::string key, std::string holder,
                                       std::chrono::milliseconds time) override;
    asio::awaitable<Status> let_go(std::string key, std::string holder) override;

private:
    // What an operation asks of the store: one that is full still reads and deletes, a replica only reads.
    enum class Kind : std::uint8_t { read, end, write };

    template <class T>
    asio::awaitable<Result<T>> measured(const char* operation, Kind kind, asio::awaitable<Result<T>> work);
    void note(Kind kind, bool well);

    SessionStore& store_;
    std::string kind_;
    ServerMetrics& metrics_;
    std::array<bool, 3> failing_{};  // by kind: whether the last one did
};

}  // namespace cadenza::server
