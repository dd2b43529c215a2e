#pragma once

#include "server/spotify/breaker.hpp"
#include "server/spotify/upstream.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace cadenza::server {

// What the gateway did since it began, and how it is now; for metrics.
struct GatewayStats {
    // By group and status; 0 where no answer came.
    std::map<std::pair<EndpointGroup, int>, std::uint64_t> requests;
    std::uint64_t retries{};
    std::uint64_t coalesced{};  // reads that shared one under way
    std::uint64_t cache_hits{};
    std::uint64_t cache_misses{};
    // Not sent.
    std::uint64_t refused_budget{};
    std::uint64_t refused_cool_down{};
    std::uint64_t refused_breaker{};
    std::uint64_t refused_queue{};

    std::int64_t cool_down_ms{};  // how much longer it lasts
    Breaker::State breaker{};
    std::size_t cache_bytes{};
    std::size_t running{};
    std::size_t waiting{};
};

}  // namespace cadenza::server
