#pragma once

#include "server/config_reader.hpp"

namespace cadenza::server {

// SPOTIFY_DAILY_BUDGET; after the mode is known.
void read_gateway(ConfigReader& reader, Config& config);

}  // namespace cadenza::server
