#pragma once

#include "server/spotify/breaker.hpp"

#include <cstddef>
#include <cstdint>

namespace cadenza::server {

// What the gateway did since it began, and how it is now; for metrics. Requests are counted where they are
// sent, see measured_transport.hpp.
struct GatewayStats {
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
