#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// Search as you type: a request when somebody stops for a moment, not one a letter.
void on_typed(State& state, Effects& effects, const std::string& text);
void search_now(State& state, Effects& effects);

}  // namespace cadenza::client
