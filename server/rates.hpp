#pragma once

// Limits how fast a client may ask, by its address and by its session. Counts in this process, or in Redis
// for all of them.

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/http/message.hpp"
#include "server/http/rate_limit.hpp"
#include "server/redis/client.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cadenza::server {

// Where buckets are kept.
class Rates {
public:
    // `redis` nullptr: this process alone. What is passed by reference must outlive it.
    Rates(http::RateRule rule, redis::Client* redis, const Clock& clock, const Log& log);

    // `key` is known to Redis by its hash only. While Redis is out, every process counts for itself, from
    // what it last heard.
    asio::awaitable<http::RateDecision> take(std::string key, Deadline deadline);
    const http::RateRule& rule() const noexcept { return table_.rule(); }

private:
    asio::awaitable<std::optional<http::RateDecision>> take_shared(const std::string& key, Deadline deadline);

    http::RateTable table_;
    redis::Client* redis_;
    const Clock& clock_;
    const Log& log_;
    std::int64_t skip_until_{};  // Redis failed; nobody waits for it until then
    bool failing_{};
};

// One request's result: what its answer says in any case, and how long to wait when it was refused.
struct RateVerdict {
    std::string policy;  // RateLimit-Policy
    std::string limit;   // RateLimit
    std::optional<std::chrono::milliseconds> retry_after;
    std::string_view refused_by;  // "address" or "session"
};

// `session` is a name of the session that tells nobody its id, or empty: the address alone decides then.
asio::awaitable<RateVerdict> check_rates(Rates& rates, const http::Request& request, std::string session);

}  // namespace cadenza::server
