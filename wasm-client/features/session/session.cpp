#include "wasm-client/features/session/session.hpp"

#include "shared/base/query.hpp"
#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/player/player.hpp"

namespace cadenza::client {
namespace {

constexpr std::int32_t slow_ms = 3'000;
constexpr std::int32_t again_ms = 15'000;

// Nothing of one account may be seen by the next.
void forget_account(State& state) {
    state.session.reset();
    state.resources.clear();
    state.windows.clear();
    state.shown.clear();
    state.liked.clear();
    state.asking_liked = false;
    state.outbox = {};
    state.outbox_loaded = false;
    state.sending_edit = false;
    state.pending.clear();
    state.toast.reset();
    state.panel = Panel::none;
    const auto volume = state.player.volume;
    state.player = {};
    state.player.volume = volume;
}

void enter(State& state, Effects& effects, SessionInfo session) {
    const auto account = session.account.value_or("");
    if (account != state.meta.account) {
        if (state.player.sdk != Sdk::off)
            effects.emplace_back(command::SdkCall{command::SdkMethod::disconnect, 0});
        forget_account(state);
        state.meta.account = account;
    }
    const bool news = !state.meta.signed_in || state.sign_in != SignIn::signed_in;
    state.meta.signed_in = true;
    state.session = std::move(session);
    state.sign_in = SignIn::signed_in;
    state.problem.clear();
    if (news) {
        write_meta(state, effects);
        effects.emplace_back(command::SignalAccount{account});
        state.resources.forget_troubles();
    }
    const bool over = state.session->reauthorize_at && *state.session->reauthorize_at <= state.now;
    if (over) state.sign_in = SignIn::expired;
    if (!state.outbox_loaded) read_store(state, effects, "outbox", {Purpose::stored_outbox, {}});
    if (!over) begin_player(state, effects);
}

void leave_account(State& state, Effects& effects) {
    const auto database = state.database();
    const bool everything = state.wipe_everything;
    forget_account(state);
    state.meta.account.clear();
    state.meta.signed_in = false;
    state.sign_in = SignIn::signed_out;
    state.asking_disconnect = false;
    state.wipe_everything = false;
    // The pointer goes first: should the rest fail, nobody finds the way to it.
    write_meta(state, effects);
    effects.emplace_back(command::Wipe{database, everything});
    if (everything) write_meta(state, effects);
    effects.emplace_back(command::SdkCall{command::SdkMethod::disconnect, 0});
    effects.emplace_back(command::SetMedia{});
    effects.emplace_back(command::SignalAccount{});
    state.page = page::Home{};
    effects.emplace_back(command::Navigate{"/", true});
}

void ask_logout(State& state, Effects& effects) {
    send(state, effects, endpoint::logout, {Purpose::logout, {}});
}

void show_offline(State& state) {
    state.sign_in = state.meta.signed_in ? SignIn::offline : SignIn::signed_out;
}

}  // namespace

void on_started(State& state, Effects& effects, const input::Started& started) {
    state.online = started.online;
    state.visible = started.visible;
    state.touch = started.touch;
    state.build = started.build;
    state.backend = started.backend;
    if (auto meta = decode<Meta>(started.meta)) state.meta = std::move(*meta);
    state.player.volume = state.meta.volume;
    state.page = parse_page(started.address);
    if (const auto* search = std::get_if<page::Search>(&state.page)) state.typed = search->query;
    state.problem = problem_in(started.address);
    if (!state.problem.empty()) effects.emplace_back(command::Navigate{address_of(state.page), true});
    effects.emplace_back(
        command::SetAttribute{"data-theme", std::string(json::type_of<Theme>.get_text(&state.meta.theme))});
    effects.emplace_back(command::SetAttribute{"data-state", "ready"});
    send(state, effects, endpoint::config, {Purpose::config, {}});
    if (state.meta.logout_pending) {
        state.sign_in = SignIn::signed_out;
        ask_logout(state, effects);
    } else {
        ask_session(state, effects);
    }
    if (!state.online) show_offline(state);
}

void ask_session(State& state, Effects& effects) {
    for (const auto& [id, pending] : state.pending)
        if (pending.purpose == Purpose::session) return;
    send(state, effects, endpoint::session, {Purpose::session, {}});
    if (state.sign_in == SignIn::unknown) effects.emplace_back(command::StartTimer{"session-slow", slow_ms});
}

void on_config(State& state, Effects& effects, const input::Answered& answer) {
    auto config = decode<ClientConfig>(answer.body);
    if (answer.status != 200 || !config) return;
    const bool news = !state.meta.config || !(*state.meta.config == *config);
    state.meta.config = std::move(*config);
    if (news) write_meta(state, effects);
    if (state.sign_in == SignIn::signed_in) begin_player(state, effects);
}

void on_session(State& state, Effects& effects, const input::Answered& answer) {
    effects.emplace_back(command::StopTimer{"session-slow"});
    if (state.meta.logout_pending) return;
    auto session = decode<SessionInfo>(answer.body);
    if (answer.failure || answer.status != 200 || !session) {
        // Not reached, or broken: that is never "signed out".
        if (state.sign_in != SignIn::expired) show_offline(state);
        effects.emplace_back(command::StartTimer{"session-again", again_ms});
        return;
    }
    if (session->authenticated) return enter(state, effects, std::move(*session));
    state.sign_in = state.meta.signed_in ? SignIn::expired : SignIn::signed_out;
}

void on_session_slow(State& state) {
    if (state.sign_in == SignIn::unknown) show_offline(state);
}

void on_logout(State& state, Effects& effects, const input::Answered& answer) {
    if (answer.failure || answer.status >= 500) {
        effects.emplace_back(command::StartTimer{"session-again", again_ms});
        return;
    }
    state.meta.logout_pending = false;
    write_meta(state, effects);
    // Another account may have signed in here meanwhile.
    ask_session(state, effects);
}

void on_disconnect(State& state, Effects& effects, const input::Answered& answer) {
    if (answer.status == 204 || answer.status == 401) return leave_account(state, effects);
    state.asking_disconnect = false;
    const auto trouble = trouble_of(answer);
    show_toast(state, effects,
               "Nothing was disconnected: " +
                   (trouble.problem ? trouble.problem->detail : "the server could not be reached."));
}

void on_account_signalled(State& state, Effects& effects, const input::AccountSignalled& signalled) {
    if (signalled.account == state.meta.account && state.sign_in == SignIn::signed_in) return;
    if (signalled.account.empty() && !state.has_account()) return;
    if (signalled.account.empty()) {
        forget_account(state);
        state.meta.account.clear();
        state.meta.signed_in = false;
        state.sign_in = SignIn::signed_out;
        effects.emplace_back(command::SdkCall{command::SdkMethod::disconnect, 0});
        return;
    }
    ask_session(state, effects);
}

void on_refused(State& state, Effects& effects, const Trouble& trouble) {
    if (is(trouble, ProblemCode::account_changed)) return ask_session(state, effects);
    if (is(trouble, ProblemCode::signed_out) || is(trouble, ProblemCode::reauthorize))
        if (state.sign_in == SignIn::signed_in) state.sign_in = SignIn::expired;
}

void sign_in(State& state, Effects& effects, bool demo) {
    state.leaving = true;
    auto url = state.backend + "/auth/login?return_to=" + percent_encode(address_of(state.page));
    if (demo) url += "&demo=1";
    effects.emplace_back(command::Leave{std::move(url)});
}

void sign_out(State& state, Effects& effects) {
    state.meta.logout_pending = true;
    leave_account(state, effects);
    ask_logout(state, effects);
}

void disconnect(State& state, Effects& effects) {
    send(state, effects, endpoint::disconnect, {Purpose::disconnect, {}});
}

}  // namespace cadenza::client
