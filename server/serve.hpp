#pragma once

#include "server/config.hpp"

namespace cadenza::server {

// Serves until it is told to stop, in this process or in WORKERS of them; the first line on stdout says
// where. Gives the exit code.
int serve(Config config);

}  // namespace cadenza::server
