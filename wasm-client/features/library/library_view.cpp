#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

struct Tab {
    page::Shelf shelf;
    std::string_view text;
};
constexpr Tab tabs[] = {{page::Shelf::tracks, "Liked songs"},
                        {page::Shelf::playlists, "Playlists"},
                        {page::Shelf::albums, "Albums"},
                        {page::Shelf::artists, "Artists"}};

Html tab_bar(page::Shelf open) {
    const auto tab = [&](const Tab& one) {
        return html("<li><a class=\"chip\" href=\"{}\"{}>{}</a></li>",
                    Href::path(address_of(page::Library{one.shelf})),
                    attribute("aria-current", one.shelf == open ? "page" : "false"), one.text);
    };
    return html("<nav aria-label=\"Library\"><ul class=\"chips\" role=\"list\">{}</ul></nav>",
                each(tabs, tab));
}

struct Shelf {
    page::Shelf which;
    std::string first_address;
    std::string_view label;
    std::string_view kind;  // of the rows
    std::string_view one, many;
    std::string_view empty_title, empty_text;
};

// `row(item, index, total)` of each item on screen; pages by `address_of_page(nth)`.
template <class T, class Address, class Fn>
PageView shelf_view(const State& state, const Shelf& shelf, const Html& tools, Address&& address_of_page,
                    Fn&& row) {
    using Answer = cadenza::Page<T>;
    PageView out;
    const auto* first = state.resources.get<Answer>(shelf.first_address);
    const auto content =
        shown<Answer>(state, shelf.first_address, skeleton_rows(12), [&](const Answer& page) {
            if (page.total == 0) return empty_state("library", shelf.empty_title, shelf.empty_text);
            return list_frame(state, page.total, shelf.label, shelf.kind);
        });
    if (first && first->total > 0) {
        const auto total = first->total.get();
        out.rows = list_rows(state, total, [&](std::int32_t index) {
            const auto found =
                row_of<T>(state.resources.get<Answer>(address_of_page(index / page_size)), index);
            if (found.item) return row(*found.item, index, total);
            const auto page = reachable_page(index / page_size, address_of_page);
            return missing_row(index, total, absence_of(state, found.unavailable, page));
        });
    }
    out.markup = html(
        "<div class=\"page\"><div class=\"page-head\"><h1 id=\"page-title\" tabindex=\"-1\" "
        "class=\"page-title\">{}</h1>"
        "<p class=\"page-count\">{}</p>{}</div>{}{}{}</div>",
        shelf.label, first ? counted(first->total, shelf.one, shelf.many) : std::string(), tools,
        tab_bar(shelf.which), age_line(state, shelf.first_address), content);
    return out;
}

PageView liked_view(const State& state) {
    const std::string list = "/api/library/tracks";
    const auto play_of = [&](const Track& track) {
        action::Play play;
        if (auto uri = Uri::parse(track.id.uri())) play.track = std::move(*uri);
        play.list = list;
        return play;
    };
    Html tools;
    if (const auto* first = state.resources.get<SavedTrackPage>(liked_page(0));
        first && !first->items.empty())
        tools = play_button(play_of(first->items.front().track), "Liked songs");
    return shelf_view<SavedTrack>(
        state,
        {page::Shelf::tracks, liked_page(0), "Liked songs", "tracks", "song", "songs", "No liked songs yet",
         "Press the heart beside a song and it is kept here."},
        tools, liked_page, [&](const SavedTrack& saved, std::int32_t index, std::int32_t total) {
            return track_row(state, {.index = index,
                                     .total = total,
                                     .track = &saved.track,
                                     .play = play_of(saved.track),
                                     .added_at = saved.added_at.get()});
        });
}

}  // namespace

PageView library_view(const State& state, const page::Library& page) {
    switch (page.shelf) {
        case page::Shelf::tracks: return liked_view(state);
        case page::Shelf::playlists:
            return shelf_view<Playlist>(
                state,
                {page.shelf, playlists_page(0), "Playlists", "entities", "playlist", "playlists",
                 "No playlists yet", "Playlists you make or follow at Spotify show up here."},
                {}, playlists_page, [](const Playlist& playlist, std::int32_t index, std::int32_t total) {
                    auto detail = playlist.owner;
                    if (playlist.readable) detail += " · " + counted(playlist.total, "song", "songs");
                    return entity_row({index, total, page::Playlist{playlist.id}, playlist.name,
                                       std::move(detail), &playlist.images, "playlist"});
                });
        case page::Shelf::albums:
            return shelf_view<SavedAlbum>(
                state,
                {page.shelf, saved_albums_page(0), "Albums", "entities", "album", "albums", "No albums yet",
                 "Albums you save show up here."},
                {}, saved_albums_page, [](const SavedAlbum& saved, std::int32_t index, std::int32_t total) {
                    const auto& album = saved.album;
                    return entity_row({index, total, page::Album{album.id}, album.name,
                                       names(album.artists) + " · " + std::string(release_year(album)),
                                       &album.images, "album"});
                });
        case page::Shelf::artists:
            return shelf_view<Artist>(
                state,
                {page.shelf, artists_page(state, 0), "Artists", "entities", "artist", "artists",
                 "No artists yet", "Artists you follow show up here."},
                {}, [&](std::int32_t nth) { return artists_page(state, nth); },
                [](const Artist& artist, std::int32_t index, std::int32_t total) {
                    return entity_row({index, total, page::Artist{artist.id}, artist.name,
                                       artist.genres.empty() ? "Artist" : artist.genres.front(),
                                       &artist.images, "artist"});
                });
    }
    return {};
}

}  // namespace cadenza::client
