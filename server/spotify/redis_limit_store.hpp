#pragma once

// Keys: "<prefix>ledger:<bucket>", a hash of "<priority>.<group>" to a count, kept 25 hours;
// "<prefix>cool_down", "<rate or quota> <ms since 1970>", kept until it ends.

#include "server/redis/client.hpp"
#include "server/spotify/limit_store.hpp"

#include <string>

namespace cadenza::server {

class RedisLimitStore final : public LimitStore {
public:
    // `redis` must outlive it. Replicas with the same prefix share; it names the app at Spotify.
    RedisLimitStore(redis::Client& redis, std::string prefix) : redis_(redis), prefix_(std::move(prefix)) {}

    asio::awaitable<Status> add(Ledger::Share share, Deadline deadline) override;
    asio::awaitable<Result<LedgerCounts>> read(Ledger::Bucket bucket, Deadline deadline) override;
    asio::awaitable<Result<std::optional<CoolDown>>> cool_down(Deadline deadline) override;
    asio::awaitable<Status> cool_down_until(CoolDown cooling, std::int64_t now, Deadline deadline) override;

private:
    std::string ledger_key(Ledger::Bucket bucket) const;

    redis::Client& redis_;
    std::string prefix_;
};

}  // namespace cadenza::server
