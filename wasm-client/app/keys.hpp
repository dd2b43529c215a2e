#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// Keys that work anywhere but in text fields and sliders; docs/keyboard.md lists them.
// Whether it is one of them: the browser keeps the others.
bool is_ours(const State& state, const input::KeyPressed& key);
void on_key(State& state, Effects& effects, const input::KeyPressed& key);

}  // namespace cadenza::client
