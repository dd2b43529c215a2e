#pragma once

// The Redis that holds sessions: whether it answers, keeps what it has, and takes writes.

#include "server/doctor/finding.hpp"

#include <chrono>
#include <map>
#include <string_view>

namespace cadenza::server::doctor {

// What it said of itself.
struct RedisFacts {
    std::string unreachable;              // why; empty when it answered
    std::chrono::microseconds latency{};  // of the fastest of some PINGs
    // INFO's lines and what CONFIG GET says: "aof_enabled", "save". What it may not or does not say is
    // absent.
    std::map<std::string, std::string, std::less<>> said;
    std::string withheld;                            // why something is absent: "NOPERM …"
    std::optional<std::chrono::milliseconds> ahead;  // how far this machine's clock is ahead of its
};

// Takes INFO's "name:value" lines.
void take_info(RedisFacts& facts, std::string_view text);

Finding redis_reachable(const RedisFacts& facts);
Finding redis_version(const RedisFacts& facts);
Finding redis_role(const RedisFacts& facts);
// Whether sessions outlive a restart of Redis.
Finding redis_persistence(const RedisFacts& facts);
// Whether it drops sessions when its memory is full.
Finding redis_eviction(const RedisFacts& facts);

// All of them; one that is skipped when the settings name no Redis.
Findings redis_findings(const Config& config, const RedisFacts& facts);

}  // namespace cadenza::server::doctor
