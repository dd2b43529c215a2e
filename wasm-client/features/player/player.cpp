#include "wasm-client/features/player/player.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/session/session.hpp"
#include "wasm-client/ports/playback_sdk.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::int32_t settle_ms = 1'000;  // reads of Spotify's player lag behind writes
constexpr std::int32_t watch_ms = 30'000;  // another device plays and the page is looked at
constexpr std::size_t most_uris = 100;

void show(State& state, Effects& effects) {
    const auto& now = state.player.now;
    command::SetMedia media;
    if (now.item && state.player.here) {
        media.title = now.item->name;
        media.artist = names(now.item->artists);
        media.album = now.item->collection;
        if (const auto* image = best_image(now.item->images, 300)) media.artwork = image->url.str();
        media.playing = now.is_playing;
        media.position_ms = progress_at(now, state.now);
        media.duration_ms = now.item->duration_ms;
    }
    effects.emplace_back(std::move(media));
    if (!now.item || !now.item->uri || !now.is_playing || state.player.announced == now.item->uri->str())
        return;
    state.player.announced = now.item->uri->str();
    effects.emplace_back(
        command::Announce{"Now playing: " + now.item->name + " by " + names(now.item->artists)});
}

void watch(State& state, Effects& effects) {
    const auto& now = state.player.now;
    if (state.player.here || !now.is_playing || !now.item || !state.visible) return;
    const auto left = now.item->duration_ms - progress_at(now, state.now) + settle_ms;
    effects.emplace_back(command::StartTimer{
        "playback", static_cast<std::int32_t>(std::clamp<std::int64_t>(left, settle_ms, watch_ms))});
}

void tell(State& state, Effects& effects, PlayerCommand command, std::string what) {
    state.player.commanded_at = state.now;
    send(state, effects, endpoint::player_command, {Purpose::command, std::move(what)}, command);
    if (!state.player.here) effects.emplace_back(command::StartTimer{"playback", settle_ms});
}

void call_sdk(Effects& effects, command::SdkMethod method, std::int64_t value = 0) {
    effects.emplace_back(command::SdkCall{method, value});
}

// Freezes the position at `now` and goes on or not.
void set_playing(State& state, bool playing) {
    auto& now = state.player.now;
    now.progress_ms = progress_at(now, state.now);
    now.timestamp = state.now;
    now.is_playing = playing;
}

// Commands go to this page unless another device is playing.
bool another_plays(const State& state) {
    const auto& now = state.player.now;
    return !state.player.here && now.is_playing && now.device && now.device->is_active;
}

player_command::DeviceId target(const State& state) {
    if (state.player.here && !state.player.here_id.empty()) return state.player.here_id;
    return std::nullopt;
}

void start_here(State& state, Effects& effects, player_command::Play play) {
    call_sdk(effects, command::SdkMethod::activate);  // while the click still counts
    if (state.player.sdk == Sdk::failed) {
        state.panel = Panel::devices;
        show_toast(state, effects, state.player.trouble);
        return;
    }
    if (state.player.here_id.empty()) {
        state.player.waiting = std::move(play);
        begin_player(state, effects);
        return;
    }
    play.device_id = state.player.here_id;
    tell(state, effects, std::move(play), "play");
}

// What was clicked is shown at once; the SDK or the backend will say what really plays.
void show_choice(State& state, const player_command::Play& play, const std::optional<Uri>& chosen) {
    const auto& uri = chosen              ? chosen
                      : play.uris.empty() ? std::nullopt
                                          : std::optional<Uri>(play.uris.front());
    if (!uri) return;
    const auto* track = find_track(state, *uri);
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
    state.player.now.item = std::move(item);
    state.player.now.progress_ms = 0;
    state.player.now.timestamp = state.now;
    state.player.now.is_playing = false;
    state.player.known = true;
}

}  // namespace

void begin_player(State& state, Effects& effects) {
    if (state.sign_in != SignIn::signed_in) return;
    if (!state.player.known) refresh_playback(state, effects);
    if (state.player.sdk != Sdk::off || !state.config()) return;
    state.player.sdk = Sdk::loading;
    effects.emplace_back(command::SdkStart{state.config()->sdk_url.str(), "Cadenza", state.player.volume});
}

void refresh_playback(State& state, Effects& effects) {
    if (!state.can_ask()) return;
    for (const auto& [id, pending] : state.pending)
        if (pending.purpose == Purpose::playback) return;
    send(state, effects, endpoint::player, {Purpose::playback, {}});
}

void on_playback(State& state, Effects& effects, const input::Answered& answer) {
    auto playback = decode<Playback>(answer.body);
    if (answer.status != 200 || !playback) {
        on_refused(state, effects, trouble_of(answer));
        return;
    }
    // The SDK knows better what it plays; an answer older than our last command knows nothing.
    if (state.player.here || state.now - state.player.commanded_at < settle_ms / 2) return;
    state.player.known = true;
    if (playback->device && playback->device->id == state.player.here_id && !state.player.here_id.empty())
        return;
    state.player.now = std::move(*playback);
    if (state.player.now.device && state.player.now.device->volume_percent)
        state.player.volume = *state.player.now.device->volume_percent;
    show(state, effects);
    watch(state, effects);
}

void on_token(State& state, Effects& effects, const input::Answered& answer) {
    if (answer.status == 200) {
        if (const auto token = decode<PlayerToken>(answer.body)) {
            state.player.token_wanted = false;
            effects.emplace_back(command::SdkToken{token->access_token});
            return;
        }
    }
    on_refused(state, effects, trouble_of(answer));
    effects.emplace_back(command::StartTimer{"token", 5'000});
}

void on_player_command(State& state, Effects& effects, const input::Answered& answer,
                       const std::string& what) {
    if (answer.status == 204) {
        if (what == "queue") show_toast(state, effects, "Added to the queue");
        state.resources.mark_stale("/api/player/");
        return;
    }
    const auto trouble = trouble_of(answer);
    on_refused(state, effects, trouble);
    const auto text = trouble.problem ? trouble.problem->detail : "The server could not be reached.";
    show_toast(state, effects, text);
    if (is(trouble, ProblemCode::no_active_device) || is(trouble, ProblemCode::device_not_found)) {
        state.panel = Panel::devices;
        state.resources.mark_stale("/api/player/devices");
    }
    if (!state.player.here) effects.emplace_back(command::StartTimer{"playback", settle_ms});
}

void on_sdk_signal(State& state, Effects& effects, const input::SdkSignalled& signalled) {
    auto& player = state.player;
    const auto fail = [&](const char* text) {
        player.sdk = Sdk::failed;
        player.trouble = text;
        player.here_id.clear();
        if (player.waiting) show_toast(state, effects, text);
        player.waiting.reset();
    };
    switch (signalled.signal) {
        case input::SdkSignal::loaded: break;
        case input::SdkSignal::load_failed:
            fail("The player could not be loaded. Other devices can still be controlled.");
            break;
        case input::SdkSignal::token_wanted:
            player.token_wanted = true;
            if (state.can_ask()) send(state, effects, endpoint::player_token, {Purpose::token, {}});
            break;
        case input::SdkSignal::ready:
            player.sdk = Sdk::ready;
            player.here_id = signalled.text;
            state.resources.mark_stale("/api/player/devices");
            if (player.waiting) {
                auto play = std::move(*player.waiting);
                player.waiting.reset();
                start_here(state, effects, std::move(play));
            }
            break;
        case input::SdkSignal::not_ready:
            player.sdk = Sdk::loading;
            player.here_id.clear();
            break;
        case input::SdkSignal::autoplay_failed:
            set_playing(state, false);
            show_toast(state, effects, "The browser holds back the sound. Press Play.");
            break;
        case input::SdkSignal::initialization_error:
            fail("This browser cannot play protected music. Other devices can still be controlled.");
            break;
        case input::SdkSignal::authentication_error:
            fail("Spotify did not accept the player's sign-in. Reload the page to try again.");
            break;
        case input::SdkSignal::account_error:
            fail("Playing here needs Spotify Premium. Other devices can still be controlled.");
            break;
        case input::SdkSignal::playback_error:
            show_toast(state, effects, "This track could not be played.");
            break;
    }
}

void on_sdk_state(State& state, Effects& effects, const input::SdkStateChanged& changed) {
    auto& player = state.player;
    if (!changed.state) {
        if (!player.here) return;
        player.here = false;
        player.next.reset();
        set_playing(state, false);
        show(state, effects);
        effects.emplace_back(command::StartTimer{"playback", settle_ms});
        return;
    }
    auto read = read_sdk_state(*changed.state, state.now);
    if (!read) return;
    const auto before = player.now.item ? player.now.item->uri : std::nullopt;
    player.here = true;
    player.known = true;
    player.now = std::move(read->playback);
    player.next = std::move(read->next);
    if (player.now.item && player.now.item->uri != before) state.resources.mark_stale("/api/player/queue");
    effects.emplace_back(command::StopTimer{"playback"});
    show(state, effects);
}

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
    player_command::Play play;
    if (wanted.context) {
        play.context_uri = *wanted.context;
        if (wanted.track) play.offset = player_command::Offset{std::nullopt, wanted.track};
    } else if (wanted.list && wanted.track) {
        play.uris = uris_from(state, *wanted.list, *wanted.track, most_uris);
    } else if (wanted.track) {
        play.uris = {*wanted.track};
    }
    show_choice(state, play, wanted.track);
    if (another_plays(state)) return tell(state, effects, std::move(play), "play");
    start_here(state, effects, std::move(play));
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
    if (player.now.device && player.now.item) {
        set_playing(state, !playing);
        if (playing) return tell(state, effects, player_command::Pause{target(state)}, "pause");
        return tell(state, effects, player_command::Resume{target(state)}, "resume");
    }
    if (player.here_id.empty()) {
        state.panel = Panel::devices;
        return;
    }
    call_sdk(effects, command::SdkMethod::activate);
    transfer(state, effects, player.here_id);
}

void skip(State& state, Effects& effects, bool forward) {
    if (state.player.here)
        return call_sdk(effects, forward ? command::SdkMethod::next : command::SdkMethod::previous);
    if (forward) return tell(state, effects, player_command::Next{}, "next");
    tell(state, effects, player_command::Previous{}, "previous");
}

void seek(State& state, Effects& effects, std::int64_t position_ms) {
    auto& now = state.player.now;
    if (!now.item) return;
    now.progress_ms = std::clamp<std::int64_t>(position_ms, 0, now.item->duration_ms);
    now.timestamp = state.now;
    if (state.player.here) return call_sdk(effects, command::SdkMethod::seek, now.progress_ms);
    tell(state, effects, player_command::Seek{now.progress_ms, {}}, "seek");
}

void set_volume(State& state, Effects& effects, std::int32_t percent, bool moving) {
    auto& player = state.player;
    player.volume = percent;
    const bool remote = !player.here && player.now.device;
    if (!remote) call_sdk(effects, command::SdkMethod::volume, player.volume);
    if (moving) return;
    if (remote) return tell(state, effects, player_command::Volume{player.volume, {}}, "volume");
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
    auto& now = state.player.now;
    now.shuffle = !now.shuffle;
    tell(state, effects, player_command::Shuffle{now.shuffle, target(state)}, "shuffle");
}

void cycle_repeat(State& state, Effects& effects) {
    auto& now = state.player.now;
    now.repeat = now.repeat == RepeatMode::off       ? RepeatMode::context
                 : now.repeat == RepeatMode::context ? RepeatMode::track
                                                     : RepeatMode::off;
    tell(state, effects, player_command::Repeat{now.repeat, target(state)}, "repeat");
}

void transfer(State& state, Effects& effects, const std::string& device_id) {
    if (device_id == state.player.here_id) call_sdk(effects, command::SdkMethod::activate);
    tell(
        state, effects,
        player_command::Transfer{device_id, state.player.now.is_playing || device_id == state.player.here_id},
        "transfer");
    effects.emplace_back(command::StartTimer{"playback", settle_ms});
}

void enqueue(State& state, Effects& effects, const action::Enqueue& wanted) {
    tell(state, effects, player_command::Queue{wanted.uri, target(state)}, "queue");
}

}  // namespace cadenza::client
