#pragma once

// How many requests a client may make: GCRA, a leaky bucket in one number. Pure: time comes in, a decision
// goes out. Times are microseconds on any clock that is the same from call to call.

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cadenza::http {

struct RateRule {
    std::int64_t interval_us{};  // between two requests at the steady rate, at least 1
    std::int64_t burst{};        // requests at once after a pause, at least 1

    // In which a used up bucket fills again.
    std::int64_t window_us() const { return interval_us * burst; }
    bool operator==(const RateRule&) const = default;
};

// "60/s", "90/m"; the burst is twice the number. nullopt when it is neither.
std::optional<RateRule> parse_rate(std::string_view text);

struct RateDecision {
    bool allowed{true};
    std::int64_t remaining{};  // requests that would be allowed right now after this one
    std::int64_t full_us{};    // from now until the bucket is full again, at most the rule's window
    std::int64_t retry_us{};   // from now until one more is allowed; 0 when this one was
};

// `full_at` is when the bucket would be full, 0 at first. It moves on when the request is allowed.
RateDecision take(const RateRule& rule, std::int64_t& full_at, std::int64_t now);

// Buckets by key. Holds at most `most` of them: then the one untouched for longest goes, which favours its
// client, and nobody else suffers.
class RateTable {
public:
    RateTable(RateRule rule, std::size_t most) : rule_(rule), most_(most) {}

    RateDecision take(const std::string& key, std::int64_t now);
    // What take() would say, taking nothing.
    RateDecision peek(const std::string& key, std::int64_t now) const;
    // Another's decision about the key: its bucket is full at that time.
    void settle(const std::string& key, std::int64_t full_at);

    const RateRule& rule() const noexcept { return rule_; }
    std::size_t size() const noexcept { return buckets_.size(); }

private:
    struct Bucket {
        std::int64_t full_at{};
        std::list<std::string>::iterator use;
    };
    Bucket& touch(const std::string& key);

    RateRule rule_;
    std::size_t most_;
    std::list<std::string> uses_;  // the last used first
    std::unordered_map<std::string, Bucket> buckets_;
};

// Items of the fields RateLimit-Policy and RateLimit (structured fields, RFC 9651), which name no client:
// "address";q=120;w=2 and "address";r=119;t=1. `name` is letters.
// Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
std::string policy_item(std::string_view name, const RateRule& rule);
std::string limit_item(std::string_view name, const RateDecision& decision);

// Of a client's address as it counts: an IPv6 one is its /64, which is what one household gets.
std::string rate_address(const std::string& address);

}  // namespace cadenza::http
