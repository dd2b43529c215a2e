#pragma once

// Between what was asked of the player and what it does: commands are shown at once, and taken back when they
// fail; what is read is believed only when it can know of them. For this folder only.

#include "wasm-client/features/player/player.hpp"

namespace cadenza::client {

// Whether a command can be sent; says why not.
bool can_command(State& state, Effects& effects);
// `now`, to be changed to what the command that is told next will do.
Playback& optimistic(State& state);
// Back to what was known before the commands under way.
void undo(State& state, Effects& effects);
// A command is under way, or about to be sent.
bool is_unsettled(const State& state);

// Gives up what is kept for this page, for something newer; whether there was anything. What it showed is
// left to be replaced or undone.
bool drop_kept(State& state, Effects& effects);
void tell(State& state, Effects& effects, const PlayerCommand& command, std::string what);
// The same to this page; kept until the SDK is ready.
void tell_here(State& state, Effects& effects, PlayerCommand command, std::string what);

// Of the list that the Play that is told next sends; none: it is no such list.
void begin_rest(Player& player, std::optional<Player::Rest> rest);
void take_back_rest(Player& player);
// The command that sent it was answered. When it goes on later after a failure, whether that is news.
void accept_rest(Player& player);
bool refuse_rest(State& state, Effects& effects, const Trouble& trouble);
// After something was heard of what plays: whether the list does, still or at last.
void hear_rest(State& state);

// The media controls, and the announcement of a new track.
void show(State& state, Effects& effects);
// Freezes the position at this instant, and goes on or not.
void set_playing(State& state, bool playing);
// Reads what plays elsewhere in a while. Spotify's player is read a second late.
inline constexpr std::int32_t settle_ms = 1'000;
void look_later(State& state, Effects& effects, std::int64_t after_ms = settle_ms);
// The volume of what plays: this page's, or the device's.
void follow_volume(State& state);

// Spotify takes no more in one command.
inline constexpr std::size_t most_uris = 100;

inline void call_sdk(Effects& effects, command::SdkMethod method, std::int64_t value = 0) {
    effects.emplace_back(command::SdkCall{method, value});
}

}  // namespace cadenza::client
