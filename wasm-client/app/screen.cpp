#include "wasm-client/app/screen.hpp"

#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/player/player_view.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"
#include "wasm-client/features/shell/shell.hpp"

namespace cadenza::client {
namespace {

struct View {
    const State& state;
    PageView operator()(const page::Home&) const { return home_view(state); }
    PageView operator()(const page::Search& page) const { return search_view(state, page); }
    PageView operator()(const page::Library& page) const { return library_view(state, page); }
    PageView operator()(const page::Playlist& page) const { return playlist_view(state, page); }
    PageView operator()(const page::Album& page) const { return album_view(state, page); }
    PageView operator()(const page::Artist& page) const { return artist_view(state, page); }
    PageView operator()(const page::Settings&) const { return settings_view(state); }
};

// Frame and bones only: whose page it will be, nobody knows yet.
Html waiting() {
    return html(
        "<main id=\"main\" class=\"main\" data-pane tabindex=\"-1\" aria-busy=\"true\"><div "
        "class=\"page\"><span class=\"bone "
        "bone-heading\" aria-hidden=\"true\"></span>{}<p class=\"hidden\" "
        "role=\"status\">Loading</p></div></main>",
        skeleton_rows(8));
}

// What the page is about has been asked for and is not here yet.
bool is_waiting(const State& state) {
    const auto needs = needs_of(state);
    if (needs.empty() || std::holds_alternative<page::Settings>(state.page)) return false;
    const auto* resource = state.resources.find(needs.front().address);
    return resource && !resource->value && (resource->fetching || resource->reading);
}

}  // namespace

Screen screen(const State& state) {
    Screen out;
    PageView page;
    Html main;
    if (state.sign_in == SignIn::unknown) {
        main = waiting();
    } else if (state.sign_in == SignIn::signed_out) {
        main = welcome_view(state);
    } else {
        page = std::visit(View{state}, state.page);
        const bool waiting = is_waiting(state);
        main = html(
            "<main id=\"main\" class=\"main\" data-pane tabindex=\"-1\"{}>{}<p class=\"hidden\" "
            "role=\"status\">{}</p></main>",
            attribute("aria-busy", waiting ? "true" : "false"), page.markup, waiting ? "Loading" : "");
    }
    out.regions = {{"top", top_view(state)},        {"rail", rail_view(state)},
                   {"main", std::move(main)},       {"side", side_view(state)},
                   {"bar", bar_view(state)},        {"notices", notices_view(state)},
                   {"dialogs", dialogs_view(state)}};
    if (page.rows) out.lists.push_back(std::move(*page.rows));
    return out;
}

}  // namespace cadenza::client
