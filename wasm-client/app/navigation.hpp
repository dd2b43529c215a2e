#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// The title, the focus and the scroll position follow the page.
std::string page_title(const State& state);
void go(State& state, Effects& effects, const Page& page);
void on_navigated(State& state, Effects& effects, const input::Navigated& navigated);
// Once what the page shows is there, it is as high as it was.
void restore_scroll(State& state, Effects& effects);

}  // namespace cadenza::client
