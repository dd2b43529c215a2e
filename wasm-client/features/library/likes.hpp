#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// Whether `uri` is in the library; nullopt while that is not known.
std::optional<bool> is_liked(const State& state, const std::string& uri);
// Whether a like or unlike of `uri` has not been confirmed yet.
bool is_pending(const State& state, const std::string& uri);
// Asks about what is on screen and not known, in one request.
void ask_liked(State& state, Effects& effects);
void on_liked(State& state, Effects& effects, const input::Answered& answer, const std::string& uris);
// What a list of saved things says about them.
void learn_liked(State& state, const std::string& address);

// Reads the edits that this device kept, as soon as it is known whose they are.
void load_outbox(State& state, Effects& effects);
// Shown at once, sent when the backend can be reached, taken back when it refuses.
void toggle_like(State& state, Effects& effects, const action::ToggleLike& toggle);
void send_edits(State& state, Effects& effects);
void on_edit(State& state, Effects& effects, const input::Answered& answer);
void on_stored_outbox(State& state, const input::Stored& stored);

}  // namespace cadenza::client
