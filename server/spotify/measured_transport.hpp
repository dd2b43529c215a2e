#pragma once

#include "server/base/server_metrics.hpp"
#include "server/spotify/transport.hpp"

#include <string_view>

namespace cadenza::server {

// The same way to Spotify, with every request counted by kind of endpoint and status. `metrics` must outlive
// it.
Transport measured_transport(Transport transport, ServerMetrics& metrics);

// "playlists" for "/v1/playlists/37i9/items?limit=50", "token" for "/api/token"; never an id.
std::string_view endpoint_group(std::string_view target) noexcept;

}  // namespace cadenza::server
