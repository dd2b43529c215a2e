#pragma once

// How many files this process may have open: a soft limit, which it may raise itself, up to a hard one.

#include "server/base/log.hpp"

#include <cstddef>
#include <cstdint>

namespace cadenza::server {

// What one process with so many connections wants: each is a file; Redis, Spotify, the site and the log want
// some.
std::uint64_t open_files_wanted(std::size_t connections);

// The soft limit to set: what is wanted as far as `hard` allows, and never less than now.
std::uint64_t soft_limit_for(std::uint64_t wanted, std::uint64_t soft, std::uint64_t hard);

// Sets it; processes forked later have it too. Logs only when the hard limit does not do.
void raise_open_files(std::size_t connections, const Log& log);

}  // namespace cadenza::server
