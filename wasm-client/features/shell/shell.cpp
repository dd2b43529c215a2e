#include "wasm-client/features/shell/shell.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

Html brand() {
    return html(
        "<a class=\"brand\" href=\"/\" aria-label=\"Cadenza, home\"><img src=\"/icon.svg\" alt=\"\" "
        "width=\"32\" "
        "height=\"32\"><span>Cadenza</span></a>");
}

Html account_link(const State& state) {
    if (!state.session || !state.session->user) {
        return html("<a class=\"icon-button account\" href=\"/settings\" aria-label=\"Settings\">{}</a>",
                    icon("settings"));
    }
    const auto& user = *state.session->user;
    const auto picture =
        user.image_url
            ? html("<img class=\"avatar\" src=\"{}\" alt=\"\" width=\"32\" height=\"32\">", *user.image_url)
            : icon("artist");
    return html(
        "<a class=\"account\" href=\"/settings\" aria-label=\"{}\">{}<span "
        "class=\"account-name\">{}</span></a>",
        "Settings, signed in as " + user.name, picture, user.name);
}

Html nav_link(const State& state, const Page& page, std::string_view symbol, std::string_view text,
              bool active) {
    return html(
        "<li><a class=\"nav-link\" href=\"{}\"{}>{}<span>{}</span></a></li>", Href::path(address_of(page)),
        attribute("aria-current", active && state.has_account() ? "page" : "false"), icon(symbol), text);
}

Html rail_playlists(const State& state) {
    const auto* page = state.resources.get<PlaylistPage>(playlists_page(0));
    if (!page) {
        Html bones;
        for (int i = 0; i < 7; ++i)
            bones += html(
                "<li class=\"rail-item\"><span class=\"bone bone-cover\"></span><span class=\"bone "
                "bone-title\"></span></li>");
        return html("<ul class=\"rail-list\" aria-hidden=\"true\">{}</ul>", bones);
    }
    const auto item = [&](const Playlist& playlist) {
        const bool open = state.page == Page(page::Playlist{playlist.id});
        return html(
            "<li class=\"rail-item\"><a href=\"{}\"{}>{}<span class=\"rail-text\"><span "
            "class=\"rail-name\">{}</span>"
            "<span class=\"rail-detail\">{}</span></span></a></li>",
            Href::path(address_of(page::Playlist{playlist.id})),
            attribute("aria-current", open ? "page" : "false"), cover(playlist.images, 40, "playlist"),
            playlist.name, playlist.owner);
    };
    return html("<ul class=\"rail-list\" role=\"list\" aria-label=\"Your playlists\">{}</ul>",
                each(page->items, item));
}

struct Notice {
    std::string_view symbol;
    std::string_view text;
};

std::string_view problem_text(const std::string& problem) {
    if (problem == "denied")
        return "You did not agree, so nobody is signed in. You can try again at any time.";
    if (problem == "state") return "That sign-in was not begun here, or took too long. Please try again.";
    if (problem == "not_registered")
        return "This Spotify account is not on the app's list of users. Its owner can add it at "
               "developer.spotify.com, under User Management.";
    if (problem == "owner_not_premium")
        return "The owner of this Spotify app needs Premium. After a change it can take a few hours.";
    return "Spotify could not complete the sign-in. Please try again.";
}

Html banner(const State& state) {
    if (state.sign_in == SignIn::expired)
        return html(
            "<div class=\"banner\" role=\"status\">{}<p>Sign in to continue. Your library is shown as it "
            "was.</p>"
            "<button type=\"button\" class=\"button\" data-on-click=\"{}\">Sign in</button></div>",
            icon("lock"), on(action::SignIn{}));
    if (state.sign_in == SignIn::offline || (!state.online && state.has_account()))
        return html(
            "<div class=\"banner\" role=\"status\">{}<p>{}</p><button type=\"button\" class=\"button\" "
            "data-on-click=\"{}\">Try again</button></div>",
            icon("offline"),
            state.online ? "The server cannot be reached. Your library is shown as it was."
                         : "You are offline. Your library is shown as it was; likes are sent later.",
            on(action::Retry{}));
    return {};
}

}  // namespace

Html top_view(const State& state) {
    const bool inside = state.sign_in != SignIn::signed_out;
    const auto search = when(inside, [&] {
        return html(
            "<form class=\"search\" role=\"search\" data-on-submit=\"{}\"><label "
            "class=\"search-box\">{}<input id=\"search\" "
            "type=\"search\" name=\"q\" aria-label=\"Search\" placeholder=\"Songs, albums, artists\" "
            "autocomplete=\"off\" "
            "autocapitalize=\"off\" spellcheck=\"false\" maxlength=\"200\" value=\"{}\" "
            "data-on-input=\"{}\"></label></form>",
            on(action::Searched{}), icon("search"), state.typed, on(action::Typed{}));
    });
    const auto skip = when(inside, [] {
        return html(
            "<a class=\"skip\" href=\"#search\">Skip to search</a><a class=\"skip\" href=\"#bar\">Skip to "
            "player</a>");
    });
    return html("<header id=\"top\" class=\"top\">{}{}{}{}</header>", skip, brand(), search,
                when(state.has_account(), [&] {
                    return html(
                        "<div class=\"who\">{}{}</div>",
                        when(state.is_demo(), [] { return html("<span class=\"demo-mark\">Demo</span>"); }),
                        account_link(state));
                }));
}

Html rail_view(const State& state) {
    const auto is = [&](std::size_t kind) { return state.page.index() == kind; };
    const auto shelf = [&](page::Shelf wanted) { return state.page == Page(page::Library{wanted}); };
    const bool library = is(Page(page::Library{}).index());
    return html(
        "<nav id=\"rail\" class=\"rail\" aria-label=\"Main\"{}><div class=\"rail-inside\"><ul class=\"nav\" "
        "role=\"list\">{}{}{}</ul>"
        "<ul class=\"nav nav-shelves\" role=\"list\">{}{}{}{}</ul><h2 "
        "class=\"rail-heading\">Playlists</h2>{}{}</div>{}</nav>",
        flag("hidden", state.sign_in == SignIn::signed_out),
        nav_link(state, page::Home{}, "home", "Home", is(Page(page::Home{}).index())),
        nav_link(state, page::Search{}, "search", "Search", is(Page(page::Search{}).index())),
        html("<li class=\"nav-library\"><a class=\"nav-link\" "
             "href=\"/library/tracks\"{}>{}<span>Library</span></a></li>",
             attribute("aria-current", library ? "page" : "false"), icon("library")),
        nav_link(state, page::Library{page::Shelf::tracks}, "heart-full", "Liked songs",
                 shelf(page::Shelf::tracks)),
        nav_link(state, page::Library{page::Shelf::playlists}, "playlist", "Playlists",
                 shelf(page::Shelf::playlists)),
        nav_link(state, page::Library{page::Shelf::albums}, "disc", "Albums", shelf(page::Shelf::albums)),
        nav_link(state, page::Library{page::Shelf::artists}, "artist", "Artists",
                 shelf(page::Shelf::artists)),
        when(state.sign_in != SignIn::signed_out, [&] { return rail_playlists(state); }),
        when(state.has_account() && !state.is_demo(),
             [] {
                 return html(
                     "<p class=\"attribution\">Music, names and covers come from <a href=\"{}\" "
                     "target=\"_blank\" "
                     "rel=\"noopener\">Spotify</a>.</p>",
                     Href::spotify("https://open.spotify.com"));
             }),
        splitter({.pane = "rail",
                  .name = "Width of the library",
                  .grows = "right",
                  .least = 240,
                  .min = 72,
                  .max = 400,
                  .usual = 280}));
}

Html notices_view(const State& state) {
    const auto update = when(state.update_waiting && !state.update_postponed, [] {
        return html(
            "<div class=\"banner\" role=\"status\">{}<p>A new version of Cadenza is ready.</p><button "
            "type=\"button\" "
            "class=\"button primary\" data-on-click=\"{}\">Reload</button><button type=\"button\" "
            "class=\"button\" "
            "data-on-click=\"{}\">Later</button></div>",
            icon("update"), on(action::ApplyUpdate{}), on(action::PostponeUpdate{}));
    });
    const auto toast = when(state.toast.has_value(), [&] {
        return html(
            "<div class=\"toast\"><p>{}</p>{}<button type=\"button\" class=\"icon-button\" "
            "aria-label=\"Dismiss\" "
            "data-on-click=\"{}\">{}</button></div>",
            state.toast->text,
            when(state.toast->undo.has_value(),
                 [&] {
                     return html(
                         "<button type=\"button\" class=\"button\" data-on-click=\"{}\">Undo</button>",
                         on(*state.toast->undo));
                 }),
            on(action::DismissToast{}), icon("close"));
    });
    return html("<div id=\"notices\" class=\"notices\">{}{}{}</div>", banner(state), update, toast);
}

Html dialogs_view(const State& state) {
    if (!state.asking_disconnect) return html("<div id=\"dialogs\"></div>");
    return html(
        "<div id=\"dialogs\"><dialog class=\"dialog\" data-modal data-on-cancel=\"{}\" "
        "aria-labelledby=\"dialog-title\">"
        "<h2 id=\"dialog-title\">Disconnect from Spotify?</h2><p>Every browser signed in here with this "
        "account is signed "
        "out, and everything kept about it is deleted. Your library at Spotify stays as it is.</p>"
        "<label class=\"check\"><input type=\"checkbox\" data-on-change=\"{}\"{}><span>Remove everything on "
        "this device, "
        "for all accounts</span></label><div class=\"dialog-actions\"><button type=\"button\" "
        "class=\"button\" "
        "data-on-click=\"{}\">Keep</button><button type=\"button\" class=\"button danger\" "
        "data-on-click=\"{}\">Disconnect"
        "</button></div></dialog></div>",
        on(action::CancelDisconnect{}), on(action::WipeToggled{}), flag("checked", state.wipe_everything),
        on(action::CancelDisconnect{}), on(action::Disconnect{}));
}

Html welcome_view(const State& state) {
    const auto problem = when(!state.problem.empty(), [&] {
        return html("<div class=\"banner warning\" role=\"alert\">{}<p>{}</p></div>", icon("warning"),
                    problem_text(state.problem));
    });
    const auto demo = when(state.is_demo(), [&] {
        return html(
            "<button type=\"button\" class=\"button primary large\" data-on-click=\"{}\"{}>Try the "
            "demo</button>",
            on(action::TryDemo{}), flag("disabled", state.leaving));
    });
    const auto sign =
        html("<button type=\"button\" class=\"button large{}\" data-on-click=\"{}\"{}>Sign in</button>",
             state.is_demo() ? "" : " primary", on(action::SignIn{}), flag("disabled", state.leaving));
    return html(
        "<main id=\"main\" class=\"main welcome\" data-pane tabindex=\"-1\"><div "
        "class=\"welcome-text\">{}<h1 id=\"page-title\" tabindex=\"-1\">Your "
        "music, in a player of your own</h1><p>Cadenza plays your Spotify library in the browser, works "
        "offline, and runs on a "
        "server you trust. Sign-in happens at Spotify; your password never comes here.</p>{}<div "
        "class=\"welcome-actions\">"
        "{}{}</div>{}</div>{}</main>",
        problem, when(!state.online, [] { return html("<p class=\"age\">You are offline just now.</p>"); }),
        demo, sign,
        when(state.is_demo(),
             [] {
                 return html(
                     "<p class=\"hint\">The demo plays an invented library: no account is needed. To use "
                     "your own, see the "
                     "README.</p>");
             }),
        html("<div class=\"welcome-art\" aria-hidden=\"true\"><img src=\"/welcome.svg\" alt=\"\" "
             "width=\"420\" "
             "height=\"420\"></div>"));
}

}  // namespace cadenza::client
