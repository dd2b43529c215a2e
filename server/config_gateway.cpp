#include "server/config_gateway.hpp"

namespace cadenza::server {

void read_gateway(ConfigReader& reader, Config& config) {
    // About what Spotify lets an app of 2026 have; the emulator has no limit.
    constexpr std::int64_t usual = 1'000;
    config.daily_budget = reader.number("SPOTIFY_DAILY_BUDGET", config.demo ? 0 : usual, 0, 1'000'000);
}

}  // namespace cadenza::server
