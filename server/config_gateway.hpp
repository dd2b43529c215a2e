#pragma once

#include "server/config_reader.hpp"

namespace cadenza::server {

inline constexpr const char* spotify_api_url = "https://api.spotify.com/v1";

// SPOTIFY_DAILY_BUDGET, STATE_DIR; after the mode and SPOTIFY_API_URL are known.
void read_gateway(ConfigReader& reader, Config& config);

}  // namespace cadenza::server
