#pragma once

#include "wasm-client/app/state.hpp"

#include <string_view>

namespace cadenza::client {

// As which this page is listed among the devices.
inline constexpr std::string_view own_name = "Cadenza";

// Playing here through the SDK, or controlling another device through the backend: one player to the
// listener.

// After sign-in: what plays elsewhere, and the SDK so that the first click finds it ready. A failed one that
// may be tried again is.
void begin_player(State& state, Effects& effects);
void refresh_playback(State& state, Effects& effects);
void on_playback(State& state, Effects& effects, const input::Answered& answer);
void on_token(State& state, Effects& effects, const input::Answered& answer);
void on_player_command(State& state, Effects& effects, const input::Answered& answer,
                       const std::string& what);
void on_sdk_signal(State& state, Effects& effects, const input::SdkSignalled& signalled);
void on_sdk_state(State& state, Effects& effects, const input::SdkStateChanged& changed);
void on_media_action(State& state, Effects& effects, const input::MediaAction& media);
void on_player_timer(State& state, Effects& effects, const std::string& timer);
// After every input: a list too long to be sent at once goes on when the end of what was sent plays.
void keep_playing(State& state, Effects& effects);

void play(State& state, Effects& effects, const action::Play& play);
void toggle_play(State& state, Effects& effects);
void skip(State& state, Effects& effects, bool forward);
void seek(State& state, Effects& effects, std::int64_t position_ms);
void set_volume(State& state, Effects& effects, std::int32_t percent, bool moving);
void toggle_mute(State& state, Effects& effects);
void toggle_shuffle(State& state, Effects& effects);
void cycle_repeat(State& state, Effects& effects);
void transfer(State& state, Effects& effects, const std::string& device_id);
void enqueue(State& state, Effects& effects, const action::Enqueue& enqueue);

}  // namespace cadenza::client
