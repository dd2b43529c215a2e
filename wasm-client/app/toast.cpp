#include "wasm-client/app/toast.hpp"

namespace cadenza::client {
namespace {

constexpr std::int32_t shown_ms = 6'000;

}  // namespace

void show_toast(State& state, Effects& effects, std::string text, std::optional<action::ToggleLike> undo) {
    effects.emplace_back(command::Announce{text});
    // Started anew: the timer of the message before would take this one away too soon.
    effects.emplace_back(command::StartTimer{"toast", shown_ms});
    state.toast = Toast{std::move(text), std::move(undo)};
}

void dismiss_toast(State& state, Effects& effects) {
    if (!state.toast) return;
    state.toast.reset();
    effects.emplace_back(command::StopTimer{"toast"});
    effects.emplace_back(command::Focus{"main"});
}

}  // namespace cadenza::client
