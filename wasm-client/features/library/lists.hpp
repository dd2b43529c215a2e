#pragma once

// Long lists, of which only pages that were on screen are known.

#include "wasm-client/app/state.hpp"

#include <string>
#include <vector>

namespace cadenza::client {

inline constexpr std::int32_t page_size = 50;
inline constexpr std::int32_t short_page_size = 10;  // where Spotify serves no more

// What the liked songs' list is called where a list is named.
inline constexpr std::string_view liked_list = endpoint::library_tracks.info.path;

// Addresses of a list's nth page.
std::string liked_page(std::int32_t nth);
std::string playlists_page(std::int32_t nth);
std::string saved_albums_page(std::int32_t nth);
// Followed artists come one page after the other: "" while the page before is not known.
std::string artists_page(const State& state, std::int32_t nth);
std::string playlist_items_page(const PlaylistId& id, std::int32_t nth);
std::string album_tracks_page(const AlbumId& id, std::int32_t nth);
std::string artist_albums_page(const ArtistId& id, std::int32_t nth);

// The DOM id of the current page's list: another page is another list.
std::string list_id(const Page& page);
// Rows of it on screen, with some above and below so that scrolling shows no gaps.
Window rows_wanted(const State& state);

// A row of a list: the item, or why there is none.
template <class Item>
struct Row {
    const Item* item{};
    bool unavailable{};  // a local file, a podcast, something withdrawn; without it: not here yet
};

// Row `index` of a list, in its page (nullptr: not here yet). What the backend left out of a page is at its
// end.
template <class Item>
Row<Item> row_of(const cadenza::Page<Item>* page, std::int32_t index, std::int32_t size = page_size) {
    if (!page) return {};
    const auto at = static_cast<std::size_t>(index % size);
    if (at < page->items.size()) return {&page->items[at], false};
    return {nullptr, true};
}

// The track of a URI, wherever it was seen.
const Track* find_track(const State& state, const Uri& uri);
// A list's tracks from one on, as far as they are known without a gap, each once.
struct Following {
    std::vector<Uri> uris;  // begins with that one
    std::string missing;    // address of the page that is not known and comes next; "" at the list's end
};
// `list` is the address of a list in one answer, or that of the liked songs without its range.
Following following(const State& state, std::string_view list, const Uri& first, std::size_t most);
// Tracks of a resource, in order.
std::vector<const Track*> tracks_in(const Resource& resource);

}  // namespace cadenza::client
