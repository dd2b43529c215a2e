#pragma once

#include <memory>
#include <string>

namespace cadenza::server {

// What Spotify answered, which several may hold.
using SharedBody = std::shared_ptr<const std::string>;

}  // namespace cadenza::server
