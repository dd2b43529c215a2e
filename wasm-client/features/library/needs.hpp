#pragma once

#include "wasm-client/app/state.hpp"

#include <vector>

namespace cadenza::client {

// What the page on screen shows, most wanted first.
std::vector<Need> needs_of(const State& state);
// Search results of a query, all kinds in one request.
std::string search_address(const std::string& query);

}  // namespace cadenza::client
