#pragma once

#include "server/base/clock.hpp"
#include "server/base/single_flight.hpp"
#include "server/session/memory_session_store.hpp"
#include "server/session/redis_session_store.hpp"

#include <deque>
#include <functional>
#include <map>

namespace cadenza::server {

// STORE_FALLBACK=memory, for one process. While Redis is out, who signs in gets a session in memory, and what
// is to end is put on a list. When Redis is back, the list is worked off first and then the sessions move, by
// whichever request comes next. What is in Redis already cannot be read meanwhile: storage_failed. A Redis
// that only refuses to write, because it is full, is still asked for what it has.
class MemoryFallbackStore final : public SessionStore {
public:
    // All references must outlive it; `executor` is its users'.
    MemoryFallbackStore(asio::any_io_executor executor, RedisSessionStore& redis, MemorySessionStore& memory,
                        const Clock& clock, const Log& log)
        : redis_(redis), memory_(memory), clock_(clock), log_(log), recoveries_(std::move(executor)) {}

    StoreAbilities abilities() const override { return redis_.abilities(); }
    bool stands_in() const override { return !endings_.empty() || !sids_.empty(); }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override { return redis_.key_of(ticket); }
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
    struct Ending {
        std::string key;  // of one session that ends; empty: several
        std::function<asio::awaitable<Status>()> carry_out;
    };

    // Works off what waited for Redis. false: it is still out.
    asio::awaitable<bool> recover();
    // Whether what Redis has may be believed: it recovered, or at least nothing is to end there.
    asio::awaitable<bool> is_current();
    asio::awaitable<bool> work_off();
    asio::awaitable<Status> move(std::string key, Secret sid);
    // Errors: storage_failed when too much waits already.
    asio::awaitable<Status> end(Ending ending);
    bool is_ending(const std::string& key) const;

    RedisSessionStore& redis_;
    MemorySessionStore& memory_;
    const Clock& clock_;
    const Log& log_;
    std::deque<Ending> endings_;
    std::map<std::string, Secret> sids_;  // by key: of the sessions in memory
    SingleFlight<bool> recoveries_;
};

}  // namespace cadenza::server
