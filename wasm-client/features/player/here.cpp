// Playing in this page, through the Web Playback SDK.

#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/player/reconcile.hpp"
#include "wasm-client/features/session/session.hpp"
#include "wasm-client/ports/playback_sdk.hpp"

#include <utility>

namespace cadenza::client {
namespace {

constexpr std::int32_t ready_ms = 20'000;  // from the script's address to a device

void ask_token(State& state, Effects& effects) {
    if (!state.can_ask()) return;
    for (const auto& [id, pending] : state.pending)
        if (pending.purpose == Purpose::token) return;
    send(state, effects, endpoint::player_token, {Purpose::token, {}});
}

void stop_waiting(State& state, Effects& effects, const std::string& text) {
    if (!drop_kept(state, effects)) return;
    undo(state, effects);
    show_toast(state, effects, text);
}

// Nothing plays here any more, and nothing can until the SDK is ready again.
void lose_device(State& state, Effects& effects) {
    auto& player = state.player;
    if (!player.here_id.empty()) player.gone_id = std::exchange(player.here_id, {});
    if (!player.here) return;
    player.here = false;
    player.next.reset();
    set_playing(state, false);
    show(state, effects);
}

void fail(State& state, Effects& effects, std::string text, bool may_retry = false) {
    auto& player = state.player;
    player.sdk = Sdk::failed;
    player.may_retry = may_retry;
    player.trouble = std::move(text);
    effects.emplace_back(command::StopTimer{"sdk"});
    lose_device(state, effects);
    stop_waiting(state, effects, player.trouble);
    look_later(state, effects);
}

void fail_to_load(State& state, Effects& effects) {
    fail(state, effects,
         state.player.gone_id.empty() ? "The player could not be loaded. Press Play to try again; other "
                                        "devices can still be controlled."
                                      : "The player has lost its connection. Press Play to try again.",
         true);
}

void hold_back(State& state, Effects& effects) {
    set_playing(state, false);
    show_toast(state, effects, "The browser holds back the sound. Press Play.");
}

void on_ready(State& state, Effects& effects, const std::string& device) {
    auto& player = state.player;
    player.sdk = Sdk::ready;
    player.may_retry = false;
    player.trouble.clear();
    if (player.here_id != device && !player.here_id.empty()) player.gone_id = player.here_id;
    player.here_id = device;
    effects.emplace_back(command::StopTimer{"sdk"});
    state.resources.mark_stale("/api/player/devices");
    if (!player.waiting) return;
    effects.emplace_back(command::StopTimer{"waiting"});
    auto command = *std::exchange(player.waiting, std::nullopt);
    // The click was a while ago, but it still counts for the browser, or it says that it does not.
    call_sdk(effects, command::SdkMethod::activate);
    tell_here(state, effects, std::move(command), "waited");
}

}  // namespace

void begin_player(State& state, Effects& effects) {
    auto& player = state.player;
    if (state.sign_in != SignIn::signed_in) return;
    if (!player.known || (!player.here && player.now.is_playing)) refresh_playback(state, effects);
    if (player.token_wanted) ask_token(state, effects);
    const bool again = player.sdk == Sdk::failed && player.may_retry;
    if ((player.sdk != Sdk::off && !again) || !state.config()) return;
    player.sdk = Sdk::loading;
    player.trouble.clear();
    effects.emplace_back(
        command::SdkStart{state.config()->sdk_url.str(), std::string(own_name), state.meta.volume});
    effects.emplace_back(command::StartTimer{"sdk", ready_ms});
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

void on_sdk_signal(State& state, Effects& effects, const input::SdkSignalled& signalled) {
    auto& player = state.player;
    switch (signalled.signal) {
        case input::SdkSignal::loaded: return;
        case input::SdkSignal::load_failed: return fail_to_load(state, effects);
        case input::SdkSignal::token_wanted: player.token_wanted = true; return ask_token(state, effects);
        case input::SdkSignal::ready: return on_ready(state, effects, signalled.text);
        case input::SdkSignal::not_ready:
            // It connects again by itself; until then its controls would go nowhere.
            lose_device(state, effects);
            player.sdk = Sdk::loading;
            effects.emplace_back(command::StartTimer{"sdk", ready_ms});
            return look_later(state, effects);
        case input::SdkSignal::autoplay_failed: return hold_back(state, effects);
        case input::SdkSignal::initialization_error:
            return fail(state, effects,
                        "This browser cannot play protected music. Other devices can still be controlled.");
        case input::SdkSignal::authentication_error:
            // "Browser prevented autoplay due to lack of interaction" comes as this one, too.
            if (signalled.text.find("autoplay") != std::string::npos) return hold_back(state, effects);
            return fail(state, effects,
                        "Spotify did not accept the player's sign-in. Reload the page to try again.");
        case input::SdkSignal::account_error:
            return fail(state, effects,
                        "Playing here needs Spotify Premium. Other devices can still be controlled.");
        case input::SdkSignal::playback_error:
            return show_toast(state, effects, "This track could not be played.");
    }
}

void on_sdk_state(State& state, Effects& effects, const input::SdkStateChanged& changed) {
    auto& player = state.player;
    if (!changed.state) {
        if (!player.here) return;
        player.here = false;
        player.expecting = false;
        player.next.reset();
        set_playing(state, false);
        show(state, effects);
        return look_later(state, effects);
    }
    auto read = read_sdk_state(*changed.state, state.now);
    if (!read) return;
    const auto before = player.now.item ? player.now.item->uri : std::nullopt;
    if (!std::exchange(player.here, true)) player.before_mute = 0;  // it was the other device's
    player.known = true;
    player.now = std::move(read->playback);
    player.next = std::move(read->next);
    // This is the truth: there is nothing to go back to, and nothing more to wait for.
    if (!player.waiting) player.before.reset();
    player.expecting = false;
    player.skipped.reset();
    player.doubtful = 0;
    hear_rest(state);
    follow_volume(state);
    if (player.now.item && player.now.item->uri != before) state.resources.mark_stale("/api/player/queue");
    effects.emplace_back(command::StopTimer{"playback"});
    show(state, effects);
}

void on_player_timer(State& state, Effects& effects, const std::string& timer) {
    auto& player = state.player;
    if (timer == "waiting" && player.waiting)
        stop_waiting(state, effects, "The player is not ready yet. Press Play to try again.");
    if (timer == "sdk" && player.sdk == Sdk::loading) fail_to_load(state, effects);
    if (timer == "again" && player.again) {
        tell_here(state, effects, *std::exchange(player.again, std::nullopt), "again");
        player.told.reset();  // once more is enough
    }
}

}  // namespace cadenza::client
