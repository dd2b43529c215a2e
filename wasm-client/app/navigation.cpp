#include "wasm-client/app/navigation.hpp"

#include "shared/api/endpoints.hpp"
#include "wasm-client/app/requests.hpp"

namespace cadenza::client {
namespace {

template <class T, class Path, class E>
std::string name_of(const State& state, const E& endpoint, const Path& path, const char* otherwise) {
    const auto* found = state.resources.get<T>(address(endpoint, path));
    return found ? found->name : otherwise;
}

struct Title {
    const State& state;
    std::string operator()(const page::Home&) const { return "Home"; }
    std::string operator()(const page::Search& search) const {
        return search.query.empty() ? "Search" : "Search: " + search.query;
    }
    std::string operator()(const page::Library& library) const {
        switch (library.shelf) {
            case page::Shelf::tracks: return "Liked songs";
            case page::Shelf::playlists: return "Playlists";
            case page::Shelf::albums: return "Albums";
            case page::Shelf::artists: return "Artists";
        }
        return "Library";
    }
    std::string operator()(const page::Playlist& page) const {
        return name_of<Playlist>(state, endpoint::playlist, PlaylistPath{page.id}, "Playlist");
    }
    std::string operator()(const page::Album& page) const {
        return name_of<Album>(state, endpoint::album, AlbumPath{page.id}, "Album");
    }
    std::string operator()(const page::Artist& page) const {
        return name_of<Artist>(state, endpoint::artist, ArtistPath{page.id}, "Artist");
    }
    std::string operator()(const page::Settings&) const { return "Settings"; }
};

void arrive(State& state, Effects& effects, Page page, std::int32_t scroll) {
    const bool same_kind = state.page.index() == page.index() && std::holds_alternative<page::Search>(page);
    state.page = std::move(page);
    state.resources.forget_troubles();
    if (const auto* search = std::get_if<page::Search>(&state.page)) state.typed = search->query;
    state.scroll = scroll;
    effects.emplace_back(command::ScrollTo{"", scroll});
    // Whoever types into the search box stays there.
    if (!same_kind) effects.emplace_back(command::Focus{"page-title"});
}

}  // namespace

std::string page_title(const State& state) {
    if (state.sign_in == SignIn::signed_out) return "Cadenza";
    return std::visit(Title{state}, state.page) + " · Cadenza";
}

void go(State& state, Effects& effects, const Page& page) {
    if (state.page == page) return;
    effects.emplace_back(command::Navigate{address_of(page), false});
    arrive(state, effects, page, 0);
}

void on_navigated(State& state, Effects& effects, const input::Navigated& navigated) {
    auto page = parse_page(navigated.address);
    if (navigated.history) return arrive(state, effects, std::move(page), navigated.scroll);
    if (state.page == page) {
        effects.emplace_back(command::ScrollTo{"", 0});
        return;
    }
    go(state, effects, page);
}

void restore_scroll(const State& state, Effects& effects) {
    if (state.scroll > 0) effects.emplace_back(command::ScrollTo{"", state.scroll});
}

void end_restoring(State& state) {
    if (!is_pending(state, Purpose::resource) && !is_pending(state, Purpose::stored_resource))
        state.scroll = 0;
}

void toggle_panel(State& state, Effects& effects, Panel panel) {
    const bool closes = state.panel == panel;
    state.panel = closes ? Panel::none : panel;
    if (!closes) {
        effects.emplace_back(command::Focus{"side-title"});
        return;
    }
    // Closing takes the focused button out of the page: the one that opened it is next. On a small screen
    // only "Now playing" is there, and what is not there takes no focus.
    effects.emplace_back(command::Focus{"now-button"});
    if (panel == Panel::queue) effects.emplace_back(command::Focus{"queue-button"});
    if (panel == Panel::devices) effects.emplace_back(command::Focus{"devices-button"});
}

}  // namespace cadenza::client
