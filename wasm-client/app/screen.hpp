#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/screen.hpp"

namespace cadenza::client {

// What `state` looks like. screen(State{}) is the shell: the same for everyone, without anybody's data.
Screen screen(const State& state);

}  // namespace cadenza::client
