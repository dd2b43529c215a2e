#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/html.hpp"

namespace cadenza::client {

Html bar_view(const State& state);
// The panel at the side: what is playing, the queue, or the devices.
Html side_view(const State& state);

}  // namespace cadenza::client
