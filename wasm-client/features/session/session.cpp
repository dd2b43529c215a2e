#include "wasm-client/features/session/session.hpp"

#include "shared/base/query.hpp"
#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/player/player.hpp"

namespace cadenza::client {
namespace {

constexpr std::int32_t slow_ms = 3'000;
constexpr std::int32_t again_ms = 15'000;
constexpr std::int32_t expire_after_ms = 10'000;  // not while the page is being filled

// Nothing of one account may be seen by the next.
void forget_account(State& state) {
    state.session.reset();
    state.typed.clear();
    state.scroll = 0;
    state.asking_disconnect = false;
    state.wipe_everything = false;
    state.resources.clear();
    state.windows.clear();
    state.shown.clear();
    state.liked.clear();
    state.edited_at.clear();
    state.asking_liked = false;
    state.outbox = {};
    state.outbox_loaded = false;
    state.sending_edit = false;
    state.first_edit_tried = false;
    state.edits_wait_until = 0;
    state.edits_failed = 0;
    // What is nobody's still wants its answer.
    std::erase_if(state.pending, [](const auto& entry) {
        return entry.second.purpose != Purpose::config && entry.second.purpose != Purpose::logout;
    });
    state.toast.reset();
    state.panel = Panel::none;
    const auto volume = state.player.volume;
    state.player = {};
    state.player.volume = volume;
}

void stop_player(Effects& effects) {
    effects.emplace_back(command::SdkCall{command::SdkMethod::disconnect, 0});
    effects.emplace_back(command::SetMedia{});
}

void go_home(State& state, Effects& effects) {
    state.page = page::Home{};
    effects.emplace_back(command::Navigate{"/", true});
}

void change_account(State& state, Effects& effects) {
    // The words in the address are the other's too.
    const bool searching = state.has_account() && std::holds_alternative<page::Search>(state.page);
    if (state.player.sdk != Sdk::off) stop_player(effects);
    forget_account(state);
    if (searching) go_home(state, effects);
    if (const auto* search = std::get_if<page::Search>(&state.page)) state.typed = search->query;
}

void enter(State& state, Effects& effects, SessionInfo session) {
    const auto account = session.account.value_or("");
    if (account != state.meta.account) change_account(state, effects);
    const bool news =
        account != state.meta.account || !state.meta.signed_in || state.sign_in != SignIn::signed_in;
    state.session = std::move(session);
    state.sign_in = SignIn::signed_in;
    state.problem.clear();
    if (news) {
        change_meta(state, effects, {.account = account, .signed_in = true});
        effects.emplace_back(command::SignalAccount{account, {}});
        state.resources.forget_troubles();
        state.edits_wait_until = 0;
    }
    if (state.session->reauthorize_at && *state.session->reauthorize_at <= state.now) {
        state.sign_in = SignIn::expired;
        return;
    }
    begin_player(state, effects);
}

void show_welcome(State& state, Effects& effects) {
    forget_account(state);
    state.sign_in = SignIn::signed_out;
    stop_player(effects);
    go_home(state, effects);
}

// `logout_pending`: the account, when the backend is still to hear of it.
void leave_account(State& state, Effects& effects, std::string logout_pending) {
    const auto database = state.database();
    const bool everything = state.wipe_everything;
    // The pointer goes first: should the rest fail, nobody finds the way to it. The other tabs are told
    // before the data goes, so that none of them writes some anew.
    change_meta(state, effects, {.account = "", .signed_in = false, .logout_pending = logout_pending});
    effects.emplace_back(command::SignalAccount{{}, std::move(logout_pending)});
    effects.emplace_back(command::Wipe{database, everything});
    show_welcome(state, effects);
}

void ask_logout(State& state, Effects& effects) {
    if (is_pending(state, Purpose::logout)) return;
    // Who else may have signed in meanwhile is not meant.
    send(state, effects,
         {endpoint::logout.info.method,
          Access::open,
          address(endpoint::logout),
          {},
          state.meta.logout_pending},
         {Purpose::logout, {}});
}

void ask_config(State& state, Effects& effects) {
    if (state.config_heard || is_pending(state, Purpose::config)) return;
    send(state, effects, endpoint::config, {Purpose::config, {}});
}

void show_offline(State& state) {
    state.sign_in = state.meta.signed_in ? SignIn::offline : SignIn::signed_out;
}

void leave_for(State& state, Effects& effects, std::string url) {
    state.leave_to.clear();
    effects.emplace_back(command::Leave{std::move(url)});
}

}  // namespace

void on_started(State& state, Effects& effects, const input::Started& started) {
    state.online = started.online;
    state.visible = started.visible;
    state.touch = started.touch;
    state.backend = started.backend;
    if (const auto kept = decode<MetaChange>(started.meta)) apply(*kept, state.meta);
    state.player.volume = state.meta.volume;
    state.page = parse_page(started.address);
    if (const auto* search = std::get_if<page::Search>(&state.page)) state.typed = search->query;
    state.problem = problem_in(started.address);
    if (!state.problem.empty()) effects.emplace_back(command::Navigate{address_of(state.page), true});
    effects.emplace_back(
        command::SetAttribute{"data-theme", std::string(json::type_of<Theme>.get_text(&state.meta.theme))});
    effects.emplace_back(command::SetAttribute{"data-state", "ready"});
    effects.emplace_back(command::StartTimer{"expire", expire_after_ms});
    if (!state.meta.logout_pending.empty()) state.sign_in = SignIn::signed_out;
    ask_backend(state, effects);
    if (!state.online) show_offline(state);
}

void ask_backend(State& state, Effects& effects) {
    if (!state.meta.logout_pending.empty()) return ask_logout(state, effects);
    ask_config(state, effects);
    ask_session(state, effects);
}

void ask_session(State& state, Effects& effects) {
    if (is_pending(state, Purpose::session)) return;
    send(state, effects, endpoint::session, {Purpose::session, {}});
    if (state.sign_in == SignIn::unknown) effects.emplace_back(command::StartTimer{"session-slow", slow_ms});
}

void on_config(State& state, Effects& effects, const input::Answered& answer) {
    auto config = decode<ClientConfig>(answer.body);
    if (answer.status != 200 || !config) return;
    state.config_heard = true;
    if (config->sentry_dsn)
        effects.emplace_back(
            command::ReportErrors{*config->sentry_dsn, config->demo ? "demo" : "production"});
    if (state.meta.config != *config) change_meta(state, effects, {.config = std::move(*config)});
    if (state.sign_in == SignIn::signed_in) begin_player(state, effects);
}

void on_session(State& state, Effects& effects, const input::Answered& answer) {
    effects.emplace_back(command::StopTimer{"session-slow"});
    if (!state.meta.logout_pending.empty()) return;
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
    const auto trouble = trouble_of(answer);
    // Another account is active: the one that is meant is out already.
    const bool done = !answer.failure && (answer.status / 100 == 2 || answer.status == 401 ||
                                          is(trouble, ProblemCode::account_changed));
    if (done) {
        change_meta(state, effects, {.logout_pending = ""});
        if (!state.leave_to.empty()) return leave_for(state, effects, state.leave_to);
        return ask_backend(state, effects);
    }
    effects.emplace_back(command::StartTimer{"session-again", wait_ms(state, trouble, again_ms)});
    if (state.leave_to.empty()) return;
    state.leave_to.clear();
    state.leaving = false;
    show_toast(state, effects, "Signing in has to wait until the server has heard of the sign-out before.");
}

void on_disconnect(State& state, Effects& effects, const input::Answered& answer) {
    if (answer.status == 204 || answer.status == 401) return leave_account(state, effects, {});
    state.asking_disconnect = false;
    const auto trouble = trouble_of(answer);
    on_refused(state, effects, trouble);
    show_toast(state, effects,
               "Nothing was disconnected: " +
                   (trouble.problem ? trouble.problem->detail : "the server could not be reached."));
}

void on_account_signalled(State& state, Effects& effects, const input::AccountSignalled& signalled) {
    state.meta.logout_pending = signalled.logout_pending;
    if (!state.leave_to.empty() && signalled.logout_pending.empty())
        return leave_for(state, effects, state.leave_to);
    if (!signalled.account.empty()) {
        if (signalled.account != state.meta.account || state.sign_in != SignIn::signed_in)
            ask_session(state, effects);
        return;
    }
    if (!state.has_account()) return;
    effects.emplace_back(command::StoreDrop{state.database()});
    state.meta.account.clear();
    state.meta.signed_in = false;
    show_welcome(state, effects);
}

void on_resumed(State& state, Effects& effects) {
    state.leaving = false;
    state.leave_to.clear();
    ask_backend(state, effects);
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
    if (state.meta.logout_pending.empty()) return leave_for(state, effects, std::move(url));
    // Told afterwards, the sign-out would end the new session.
    state.leave_to = std::move(url);
    ask_logout(state, effects);
}

void sign_out(State& state, Effects& effects) {
    // That box is about disconnecting.
    state.wipe_everything = false;
    leave_account(state, effects, state.meta.account);
    ask_logout(state, effects);
}

void disconnect(State& state, Effects& effects) {
    send(state, effects, endpoint::disconnect, {Purpose::disconnect, {}});
}

}  // namespace cadenza::client
