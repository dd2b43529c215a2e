#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// The title, the focus and the scroll position follow the page.
std::string page_title(const State& state);
void go(State& state, Effects& effects, const Page& page);
void on_navigated(State& state, Effects& effects, const input::Navigated& navigated);
// With each part of what the page shows that is there, it comes nearer to the height it had.
void restore_scroll(const State& state, Effects& effects);
// Once all of it is there, or cannot be had, the page stays where it is.
void end_restoring(State& state);
// Opens it, or closes it when it is open.
void toggle_panel(State& state, Effects& effects, Panel panel);

}  // namespace cadenza::client
