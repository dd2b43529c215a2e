#include "wasm-client/app/update.hpp"

#include "wasm-client/app/keys.hpp"
#include "wasm-client/app/navigation.hpp"
#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/library/likes.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/player/player.hpp"
#include "wasm-client/features/search/search.hpp"
#include "wasm-client/features/session/session.hpp"

#include <charconv>

namespace cadenza::client {
namespace {

std::int64_t number(const std::optional<std::string>& text) {
    std::int64_t out{};
    if (text) std::from_chars(text->data(), text->data() + text->size(), out);
    return out;
}

struct OnAction {
    State& state;
    Effects& effects;
    const std::optional<std::string>& value;

    void operator()(const action::SignIn&) const { sign_in(state, effects, false); }
    void operator()(const action::TryDemo&) const { sign_in(state, effects, true); }
    void operator()(const action::SignOut&) const { sign_out(state, effects); }
    void operator()(const action::AskDisconnect&) const { state.asking_disconnect = true; }
    void operator()(const action::CancelDisconnect&) const {
        state.asking_disconnect = false;
        state.wipe_everything = false;
    }
    void operator()(const action::Disconnect&) const { disconnect(state, effects); }
    void operator()(const action::WipeToggled&) const { state.wipe_everything = value == "true"; }
    void operator()(const action::Retry&) const {
        state.resources.mark_troubled_stale();
        state.resources.forget_troubles();
        if (state.sign_in != SignIn::signed_in) ask_backend(state, effects);
    }
    void operator()(const action::Typed&) const { on_typed(state, effects, value.value_or("")); }
    void operator()(const action::Searched&) const { search_now(state, effects); }
    void operator()(const action::DismissToast&) const { dismiss_toast(state, effects); }
    void operator()(const action::DismissProblem&) const { state.problem.clear(); }
    void operator()(const action::ApplyUpdate&) const { effects.emplace_back(command::ApplyUpdate{false}); }
    void operator()(const action::PostponeUpdate&) const { state.update_postponed = true; }
    void operator()(const action::ShowPanel& show) const { toggle_panel(state, effects, show.panel); }
    void operator()(const action::SetTheme& set) const {
        effects.emplace_back(
            command::SetAttribute{"data-theme", std::string(json::type_of<Theme>.get_text(&set.theme))});
        change_meta(state, effects, {.theme = set.theme});
    }
    void operator()(const action::SetLetters&) const {
        change_meta(state, effects, {.letters_off = value != "true"});
    }
    void operator()(const action::CopyDetails& copy) const {
        effects.emplace_back(command::Copy{copy.text});
        show_toast(state, effects, "Details copied.");
    }
    void operator()(const action::ShowMore&) const {
        auto& shown = state.shown[list_id(state.page)];
        shown = std::max(shown, 1) + 1;
    }
    void operator()(const action::ToggleLike& toggle) const { toggle_like(state, effects, toggle); }
    void operator()(const action::Play& wanted) const { play(state, effects, wanted); }
    void operator()(const action::TogglePlay&) const { toggle_play(state, effects); }
    void operator()(const action::Next&) const { skip(state, effects, true); }
    void operator()(const action::Previous&) const { skip(state, effects, false); }
    void operator()(const action::ToggleShuffle&) const { toggle_shuffle(state, effects); }
    void operator()(const action::CycleRepeat&) const { cycle_repeat(state, effects); }
    void operator()(const action::Seek&) const { seek(state, effects, number(value)); }
    void operator()(const action::VolumeMoving&) const {
        set_volume(state, effects, static_cast<std::int32_t>(number(value)), true);
    }
    void operator()(const action::VolumeSet&) const {
        set_volume(state, effects, static_cast<std::int32_t>(number(value)), false);
    }
    void operator()(const action::ToggleMute&) const { toggle_mute(state, effects); }
    void operator()(const action::Transfer& wanted) const { transfer(state, effects, wanted.device_id); }
    void operator()(const action::Enqueue& wanted) const { enqueue(state, effects, wanted); }
};

void on_answer(State& state, Effects& effects, const input::Answered& answer) {
    const auto found = state.pending.find(answer.id);
    if (found == state.pending.end()) return;  // of an account that is gone
    const auto [purpose, about] = std::move(found->second);
    state.pending.erase(found);
    switch (purpose) {
        case Purpose::config: return on_config(state, effects, answer);
        case Purpose::session: return on_session(state, effects, answer);
        case Purpose::logout: return on_logout(state, effects, answer);
        case Purpose::disconnect: return on_disconnect(state, effects, answer);
        case Purpose::resource:
            on_resource(state, effects, answer, about);
            if (answer.status != 200) on_refused(state, effects, trouble_of(answer));
            learn_liked(state, about);
            return restore_scroll(state, effects);
        case Purpose::contains: return on_liked(state, effects, answer, about);
        case Purpose::edit: return on_edit(state, effects, answer);
        case Purpose::playback: return on_playback(state, effects, answer);
        case Purpose::command: return on_player_command(state, effects, answer, about);
        case Purpose::token: return on_token(state, effects, answer);
        case Purpose::stored_resource:
        case Purpose::stored_outbox: return;
    }
}

void on_stored(State& state, Effects& effects, const input::Stored& stored) {
    const auto found = state.pending.find(stored.id);
    if (found == state.pending.end()) return;
    const auto [purpose, about] = std::move(found->second);
    state.pending.erase(found);
    if (purpose == Purpose::stored_outbox) return on_stored_outbox(state, stored);
    on_stored_resource(state, stored, about);
    learn_liked(state, about);
    restore_scroll(state, effects);
}

void on_timer(State& state, Effects& effects, const std::string& timer) {
    if (timer == "session-slow") return on_session_slow(state);
    if (timer == "session-again") return ask_backend(state, effects);
    if (timer == "playback") refresh_playback(state, effects);
    if (timer == "search") search_now(state, effects);
    if (timer == "edits") state.edits_wait_until = 0;
    if (timer == "expire") expire_store(state, effects);
    if (timer == "liked") state.asking_liked = false;
    if (timer == "toast") state.toast.reset();
    if (timer == "token" && state.player.token_wanted && state.can_ask())
        send(state, effects, endpoint::player_token, {Purpose::token, {}});
    on_player_timer(state, effects, timer);
}

struct OnInput {
    State& state;
    Effects& effects;

    void operator()(const input::Started& started) const { on_started(state, effects, started); }
    void operator()(const input::Acted& acted) const {
        const auto action = decode<Action>(acted.event, UnknownFields::refuse);
        if (action) std::visit(OnAction{state, effects, acted.value}, *action);
    }
    void operator()(const input::Answered& answer) const { on_answer(state, effects, answer); }
    void operator()(const input::Stored& stored) const { on_stored(state, effects, stored); }
    void operator()(const input::TimerFired& fired) const { on_timer(state, effects, fired.timer); }
    void operator()(const input::Navigated& navigated) const { on_navigated(state, effects, navigated); }
    void operator()(const input::NetworkChanged& changed) const {
        state.online = changed.online;
        state.resources.forget_troubles();
        if (!state.online && state.sign_in == SignIn::signed_in) state.sign_in = SignIn::offline;
        if (state.online) ask_backend(state, effects);
    }
    void operator()(const input::VisibilityChanged& changed) const {
        state.visible = changed.visible;
        if (state.visible && !state.player.here) refresh_playback(state, effects);
    }
    void operator()(const input::KeyPressed& key) const { on_key(state, effects, key); }
    void operator()(const input::WindowMoved& moved) const {
        state.windows[moved.list] = {moved.first, moved.last};
    }
    void operator()(const input::MediaAction& media) const { on_media_action(state, effects, media); }
    void operator()(const input::SdkSignalled& signalled) const { on_sdk_signal(state, effects, signalled); }
    void operator()(const input::SdkStateChanged& changed) const { on_sdk_state(state, effects, changed); }
    void operator()(const input::UpdateFound&) const { state.update_waiting = true; }
    void operator()(const input::AccountSignalled& signalled) const {
        on_account_signalled(state, effects, signalled);
    }
    void operator()(const input::Scrolled&) const { state.scroll = 0; }
    void operator()(const input::Resumed&) const { on_resumed(state, effects); }
};

// A cached shell keeps the policy of the server it came from, under which another server's player cannot
// load. Then nothing plays that a reload would interrupt, and the version that waits is what mends it.
void mend_by_update(State& state, Effects& effects) {
    const auto& player = state.player;
    const bool broken = player.sdk == Sdk::failed && player.may_retry && player.gone_id.empty();
    if (!state.update_waiting || state.update_taken || !broken || state.leaving || state.update_postponed)
        return;
    state.update_taken = true;
    effects.emplace_back(command::ApplyUpdate{true});
}

}  // namespace

Effects update(State& state, const Input& input, std::int64_t now) {
    Effects effects;
    state.now = now;
    const auto title = page_title(state);
    std::visit(OnInput{state, effects}, input);
    for (const auto& need : needs_of(state)) ensure(state, effects, need);
    end_restoring(state);
    ask_liked(state, effects);
    keep_playing(state, effects);
    load_outbox(state, effects);
    mend_by_update(state, effects);
    send_edits(state, effects);
    if (std::holds_alternative<input::Started>(input) || page_title(state) != title)
        effects.emplace_back(command::SetTitle{page_title(state)});
    return effects;
}

}  // namespace cadenza::client
