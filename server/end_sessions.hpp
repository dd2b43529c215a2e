#pragma once

#include "server/config.hpp"

#include <string>

namespace cadenza::server {

// Ends every session of one user that is in Redis, from outside the servers that run, which see it with the
// next request, and says on stdout how many there were. `user` is a Spotify user id or an account key. The
// exit code: 1 when the store is down, or one that cannot be reached from outside.
int end_sessions(const Config& config, const std::string& user);

}  // namespace cadenza::server
