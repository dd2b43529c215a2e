#pragma once

// cadenza-server --doctor: looks at the settings and at everything they name, as the server would meet it.

#include "server/doctor/finding.hpp"

namespace cadenza::server::doctor {

// Asks Spotify, Redis and the public address, each for some seconds at most. Runs an event loop of its own.
Findings examine(const Config& config);

}  // namespace cadenza::server::doctor
