// What a listener asks of the player.

#include "wasm-client/features/player/player.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/player/reconcile.hpp"

#include <algorithm>
#include <utility>

namespace cadenza::client {
namespace {

// Commands go to this page unless another device is playing. A browser of ours is no other device: who clicks
// here wants to hear it here, and a page that died is listed for a while.
bool another_plays(const State& state) {
    const auto& now = state.player.now;
    return !state.player.here && now.is_playing && now.device && now.device->is_active &&
           now.device->name != own_name;
}

player_command::DeviceId target(const State& state) {
    if (state.player.here && !state.player.here_id.empty()) return state.player.here_id;
    return std::nullopt;
}

// Whether this page can play, or may be able to soon; says why not.
bool can_play_here(State& state, Effects& effects) {
    call_sdk(effects, command::SdkMethod::activate);  // while the click still counts
    if (state.player.sdk != Sdk::failed || state.player.may_retry) return true;
    state.panel = Panel::devices;
    show_toast(state, effects, state.player.trouble);
    return false;
}

// What was clicked is shown at once; the SDK or the backend will say what really plays.
void show_choice(State& state, const player_command::Play& play, const std::optional<Uri>& chosen,
                 bool elsewhere) {
    auto& now = optimistic(state);
    now.context_uri = play.context_uri;
    state.player.skipped.reset();
    if (!elsewhere) now.device.reset();
    const auto uri = chosen || play.uris.empty() ? chosen : std::optional<Uri>(play.uris.front());
    const auto* track = uri ? find_track(state, *uri) : nullptr;
    if (!track) return;
    PlayingItem item;
    item.uri = *uri;
    item.name = track->name;
    item.artists = track->artists;
    item.duration_ms = track->duration_ms;
    if (track->album) {
        item.collection = track->album->name;
        item.images = track->album->images;
    }
    now.item = std::move(item);
    now.progress_ms = 0;
    now.timestamp = state.now;
    // Here it begins when the SDK says so.
    now.is_playing = elsewhere;
    state.player.known = true;
}

}  // namespace

void on_media_action(State& state, Effects& effects, const input::MediaAction& media) {
    if (media.action == "nexttrack") return skip(state, effects, true);
    if (media.action == "previoustrack") return skip(state, effects, false);
    if (media.action == "seekto" && media.position_ms) return seek(state, effects, *media.position_ms);
    const bool wanted = media.action == "play";
    if ((wanted || media.action == "pause" || media.action == "stop") &&
        state.player.now.is_playing != wanted)
        toggle_play(state, effects);
}

void play(State& state, Effects& effects, const action::Play& wanted) {
    if (!can_command(state, effects)) return;
    // Asked before the choice is shown, which changes the answer.
    const bool elsewhere = another_plays(state);
    if (!elsewhere && !can_play_here(state, effects)) return;
    drop_kept(state, effects);
    player_command::Play play;
    std::optional<Player::Rest> rest;
    if (wanted.context) {
        play.context_uri = *wanted.context;
        if (wanted.track) play.offset = player_command::Offset{std::nullopt, wanted.track};
    } else if (wanted.list && wanted.track) {
        auto uris = following(state, *wanted.list, *wanted.track, most_uris).uris;
        rest = Player::Rest{*wanted.list, uris.back(), uris};
        play.uris = std::move(uris);
        // Without it a shuffled player begins anywhere.
        if (play.uris.size() > 1) play.offset = player_command::Offset{Count(0), std::nullopt};
    } else if (wanted.track) {
        play.uris = {*wanted.track};
    }
    begin_rest(state.player, std::move(rest));
    show_choice(state, play, wanted.track, elsewhere);
    if (elsewhere) return tell(state, effects, std::move(play), "play");
    tell_here(state, effects, std::move(play), "play");
}

void toggle_play(State& state, Effects& effects) {
    auto& player = state.player;
    const bool playing = player.now.is_playing;
    if (player.here) {
        call_sdk(effects, command::SdkMethod::activate);
        call_sdk(effects, playing ? command::SdkMethod::pause : command::SdkMethod::resume);
        set_playing(state, !playing);
        return show(state, effects);
    }
    if (player.waiting || player.again)  // it will play as soon as it can
        return call_sdk(effects, command::SdkMethod::activate);
    if (!can_command(state, effects)) return;
    if (player.now.device && player.now.item) {
        optimistic(state);
        set_playing(state, !playing);
        if (playing) return tell(state, effects, player_command::Pause{}, "pause");
        return tell(state, effects, player_command::Resume{}, "resume");
    }
    if (can_play_here(state, effects))
        tell_here(state, effects, player_command::Transfer{player.here_id, true}, "transfer");
}

void skip(State& state, Effects& effects, bool forward) {
    if (state.player.here)
        return call_sdk(effects, forward ? command::SdkMethod::next : command::SdkMethod::previous);
    if (!can_command(state, effects)) return;
    if (drop_kept(state, effects)) undo(state, effects);
    if (const auto& item = state.player.now.item) state.player.skipped = item->uri;
    if (forward) return tell(state, effects, player_command::Next{}, "next");
    tell(state, effects, player_command::Previous{}, "previous");
}

void seek(State& state, Effects& effects, std::int64_t position_ms) {
    auto& player = state.player;
    if (!player.now.item) return;
    if (!player.here && !can_command(state, effects)) return;
    auto& now = player.here ? player.now : optimistic(state);
    now.progress_ms = std::clamp<std::int64_t>(position_ms, 0, now.item->duration_ms);
    now.timestamp = state.now;
    if (!player.here) return tell(state, effects, player_command::Seek{now.progress_ms, {}}, "seek");
    call_sdk(effects, command::SdkMethod::seek, now.progress_ms);
    show(state, effects);
}

void set_volume(State& state, Effects& effects, std::int32_t percent, bool moving) {
    auto& player = state.player;
    if (player.volume_fixed()) return;
    const bool remote = !player.here && player.now.device;
    if (remote && !moving && !can_command(state, effects)) return follow_volume(state);
    player.volume = percent;
    if (!remote) call_sdk(effects, command::SdkMethod::volume, player.volume);
    if (moving) return;
    if (remote) {
        optimistic(state).device->volume_percent = player.volume;
        return tell(state, effects, player_command::Volume{player.volume, {}}, "volume");
    }
    change_meta(state, effects, {.volume = player.volume});
}

void toggle_mute(State& state, Effects& effects) {
    auto& player = state.player;
    if (player.volume > 0) {
        player.before_mute = player.volume;
        return set_volume(state, effects, 0, false);
    }
    set_volume(state, effects, player.before_mute > 0 ? player.before_mute.get() : 50, false);
}

void toggle_shuffle(State& state, Effects& effects) {
    if (!can_command(state, effects)) return;
    auto& now = optimistic(state);
    now.shuffle = !now.shuffle;
    tell(state, effects, player_command::Shuffle{now.shuffle, target(state)}, "shuffle");
}

void cycle_repeat(State& state, Effects& effects) {
    if (!can_command(state, effects)) return;
    auto& now = optimistic(state);
    now.repeat = now.repeat == RepeatMode::off       ? RepeatMode::context
                 : now.repeat == RepeatMode::context ? RepeatMode::track
                                                     : RepeatMode::off;
    tell(state, effects, player_command::Repeat{now.repeat, target(state)}, "repeat");
}

void transfer(State& state, Effects& effects, const std::string& device_id) {
    auto& player = state.player;
    if (!can_command(state, effects)) return;
    if (device_id == player.here_id) {
        call_sdk(effects, command::SdkMethod::activate);
        return tell_here(state, effects, player_command::Transfer{device_id, true}, "transfer");
    }
    if (drop_kept(state, effects)) undo(state, effects);
    player.skipped.reset();
    tell(state, effects, player_command::Transfer{device_id, player.now.is_playing}, "transfer");
}

void enqueue(State& state, Effects& effects, const action::Enqueue& wanted) {
    if (!can_command(state, effects)) return;
    if (auto& rest = state.player.rest) rest->sent.push_back(wanted.uri);
    tell(state, effects, player_command::Queue{wanted.uri, target(state)}, "queue");
}

}  // namespace cadenza::client
