#pragma once

#include "wasm-client/app/state.hpp"

#include <string_view>

namespace cadenza::client {

// Keys that work anywhere but in text fields and sliders; docs/keyboard.md lists them.
// Whether it is one of them: the browser keeps the others.
bool is_ours(const State& state, const input::KeyPressed& key);
void on_key(State& state, Effects& effects, const input::KeyPressed& key);
// A key on the seek slider, whose own step is too small to get anywhere. Others stay the slider's.
void on_seek_key(State& state, Effects& effects, std::string_view key);

}  // namespace cadenza::client
