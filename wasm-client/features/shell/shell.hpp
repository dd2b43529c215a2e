#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/html.hpp"

namespace cadenza::client {

// The frame around the pages.
Html top_view(const State& state);
Html rail_view(const State& state);
Html notices_view(const State& state);
Html dialogs_view(const State& state);
Html welcome_view(const State& state);

}  // namespace cadenza::client
