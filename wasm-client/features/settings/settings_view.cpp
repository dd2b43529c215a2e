#include "shared/base/time.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

struct Choice {
    Theme theme;
    std::string_view text;
};
constexpr Choice themes[] = {
    {Theme::system, "Like the system"}, {Theme::dark, "Dark"}, {Theme::light, "Light"}};

Html theme_choice(const State& state) {
    const auto one = [&](const Choice& choice) {
        return html(
            "<label class=\"check\"><input type=\"radio\" name=\"theme\" value=\"{}\" "
            "data-on-change=\"{}\"{}><span>{}"
            "</span></label>",
            choice.text, on(action::SetTheme{choice.theme}),
            flag("checked", state.meta.theme == choice.theme), choice.text);
    };
    return html("<fieldset class=\"setting\"><legend>Theme</legend>{}</fieldset>", each(themes, one));
}

Html account(const State& state) {
    const auto name =
        state.session && state.session->user ? state.session->user->name : std::string("the last account");
    const auto until =
        state.session && state.session->reauthorize_at
            ? "Spotify wants you to sign in again by " + format_date(*state.session->reauthorize_at) + "."
            : std::string();
    return html(
        "<section class=\"setting\"><h2>Account</h2><p>Signed in as <strong>{}</strong>{}</p><p "
        "class=\"hint\">{}</p>"
        "<div class=\"setting-actions\"><button type=\"button\" class=\"button\" data-on-click=\"{}\">Sign "
        "out</button>"
        "<button type=\"button\" class=\"button danger\" data-on-click=\"{}\">Disconnect</button></div>"
        "<p class=\"hint\">Signing out removes your library from this device. Disconnecting also ends every "
        "other sign-in of "
        "this account here and deletes what is kept about it.</p></section>",
        name, state.is_demo() ? " (demo)" : "", until, on(action::SignOut{}), on(action::AskDisconnect{}));
}

struct Key {
    std::string_view key;
    std::string_view meaning;
};
constexpr Key keys[] = {{"Space", "Play or pause"},
                        {"← →", "Back or forward 5 seconds, with Shift 30"},
                        {"N, P", "Next, previous"},
                        {"Ctrl ↑ ↓", "Volume"},
                        {"M", "Mute"},
                        {"S, R", "Shuffle, repeat"},
                        {"L", "Like what is playing"},
                        {"Q, D", "Queue, devices"},
                        {"/", "Search"},
                        {"↑ ↓", "From row to row in a list"}};

Html keyboard(const State& state) {
    const auto one = [](const Key& key) {
        return html("<div><dt><kbd>{}</kbd></dt><dd>{}</dd></div>", key.key, key.meaning);
    };
    return html(
        "<section class=\"setting\"><h2>Keys</h2><dl class=\"keys\">{}</dl><label class=\"check\"><input "
        "type=\"checkbox\" data-on-change=\"{}\"{}><span>Single letters are shortcuts, too</span></label>"
        "</section>",
        each(keys, one), on(action::SetLetters{}), flag("checked", !state.meta.letters_off));
}

Html about(const State& state) {
    return html(
        "<section class=\"setting\"><h2>About</h2><p>Cadenza {}, a free player for a server of your "
        "own.</p><p class=\"hint\">"
        "Music, names and covers come from <a href=\"{}\" target=\"_blank\" rel=\"noopener\">Spotify</a> and "
        "stay theirs and "
        "their owners'. Cadenza is not made by Spotify.</p></section>",
        state.config() ? state.config()->version : std::string(), Href::spotify("https://open.spotify.com"));
}

}  // namespace

PageView settings_view(const State& state) {
    return {html("<div class=\"page settings\"><h1 id=\"page-title\" tabindex=\"-1\" "
                 "class=\"page-title\">Settings</h1>{}{}{}{}</div>",
                 theme_choice(state), account(state), keyboard(state), about(state)),
            std::nullopt};
}

}  // namespace cadenza::client
