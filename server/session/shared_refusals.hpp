#pragma once

#include "server/redis/client.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cadenza::server {

namespace asio = boost::asio;

// What the processes of one app know together of Spotify's refusals. Keys, of one slot of a cluster:
//
//   <prefix>refused      sorted set of accounts, by when they were refused last (ms since 1970)
//   <prefix>open_until   ms since 1970, as long as it is open
//
// The times are the caller's. What Redis cannot be asked counts as not open: each process still has its own
// count.
class SharedRefusals {
public:
    // `redis` must outlive it; the prefix has a hash tag.
    SharedRefusals(redis::Client& redis, std::string prefix) : redis_(redis), prefix_(std::move(prefix)) {}

    // Counts that the account was refused. Until when the breaker is open, if it is by now.
    asio::awaitable<std::optional<std::int64_t>> count(std::string account, std::int64_t now) const;
    asio::awaitable<std::optional<std::int64_t>> open_until(std::int64_t now) const;

private:
    redis::Client& redis_;
    std::string prefix_;
};

}  // namespace cadenza::server
