#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// Who is signed in, and what becomes of their library on this device when that changes.
void on_started(State& state, Effects& effects, const input::Started& started);
// Tells and asks what the backend must hear first: a sign-out it has not heard of, else config and session.
void ask_backend(State& state, Effects& effects);
void ask_session(State& state, Effects& effects);
void on_config(State& state, Effects& effects, const input::Answered& answer);
void on_session(State& state, Effects& effects, const input::Answered& answer);
void on_session_slow(State& state);
void on_logout(State& state, Effects& effects, const input::Answered& answer);
void on_disconnect(State& state, Effects& effects, const input::Answered& answer);
void on_account_signalled(State& state, Effects& effects, const input::AccountSignalled& signalled);
// Back from the sign-in page by the browser's Back.
void on_resumed(State& state, Effects& effects);
// An answer said that the backend no longer knows us, or knows us as somebody else.
void on_refused(State& state, Effects& effects, const Trouble& trouble);

void sign_in(State& state, Effects& effects, bool demo);
void sign_out(State& state, Effects& effects);
void disconnect(State& state, Effects& effects);

}  // namespace cadenza::client
