#pragma once

#include "wasm-client/app/state.hpp"

#include <optional>
#include <string>

namespace cadenza::client {

// A message for some seconds, read out too. It takes the place of the one before.
void show_toast(State& state, Effects& effects, std::string text,
                std::optional<action::ToggleLike> undo = std::nullopt);
// By its button, which takes the focus along: the page gets it.
void dismiss_toast(State& state, Effects& effects);

}  // namespace cadenza::client
