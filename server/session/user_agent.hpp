#pragma once

#include <string>
#include <string_view>

namespace cadenza::server {

// "Firefox on Linux" from a User-Agent field: enough for people to tell their devices apart, and nothing that
// came from outside. "Unknown browser" where nothing is recognized.
std::string browser_of(std::string_view user_agent);

}  // namespace cadenza::server
