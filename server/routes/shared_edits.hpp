#pragma once

#include "server/redis/client.hpp"

#include <cstdint>
#include <string>

namespace cadenza::server {

namespace asio = boost::asio;

// Which edits of an account were applied, known to all processes and kept over restarts: a sorted set of edit
// ids by when, of the latest ones. What Redis cannot be asked counts as not applied, and what it cannot be
// told is forgotten: each process still knows its own.
class SharedEdits {
public:
    explicit SharedEdits(redis::Client& redis) : redis_(redis) {}

    asio::awaitable<bool> contains(std::string account, std::string id) const;
    asio::awaitable<void> add(std::string account, std::string id, std::int64_t now) const;
    asio::awaitable<void> forget(std::string account) const;

private:
    redis::Client& redis_;
};

}  // namespace cadenza::server
