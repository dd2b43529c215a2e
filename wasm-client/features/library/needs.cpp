#include "wasm-client/features/library/needs.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/library/lists.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 24 * 60 * minute;  // the catalogue hardly changes

template <class Answer>
Need personal(std::string address) {
    return {std::move(address), &shape_of<Answer>, true, 5 * minute};
}

template <class Answer>
Need catalogue(std::string address) {
    return {std::move(address), &shape_of<Answer>, true, day};
}

// The pages that hold the rows on screen, the first one always: it knows how many there are.
template <class Answer, class Fn>
void add_rows(const State& state, std::vector<Need>& out, Fn&& address_of_page) {
    const auto first_address = address_of_page(0);
    out.push_back(personal<Answer>(first_address));
    const auto* first = state.resources.get<Answer>(first_address);
    if (!first || first->total == 0) return;
    const auto window = rows_wanted(state);
    const auto end = std::min<std::int32_t>(window.last, first->total);
    for (auto nth = window.first / page_size; nth * page_size < end; ++nth) {
        auto address = reachable_page(nth, address_of_page);
        if (address != out.back().address) out.push_back(personal<Answer>(std::move(address)));
    }
}

struct PageNeeds {
    const State& state;
    std::vector<Need>& out;

    void operator()(const page::Home&) const {
        out.push_back(need(endpoint::recent));
        out.push_back(personal<TrackPage>(top_tracks_address()));
        out.push_back(personal<ArtistPage>(top_artists_address()));
    }
    void operator()(const page::Search& search) const {
        if (search.query.empty()) return;
        out.push_back({search_address(search.query), &shape_of<SearchResults>, false, 10 * minute});
    }
    void operator()(const page::Library& library) const {
        switch (library.shelf) {
            case page::Shelf::tracks: return add_rows<SavedTrackPage>(state, out, liked_page);
            case page::Shelf::playlists: return add_rows<PlaylistPage>(state, out, playlists_page);
            case page::Shelf::albums: return add_rows<SavedAlbumPage>(state, out, saved_albums_page);
            case page::Shelf::artists:
                return add_rows<ArtistPage>(state, out,
                                            [&](std::int32_t nth) { return artists_page(state, nth); });
        }
    }
    void operator()(const page::Playlist& playlist) const {
        const auto head = need(endpoint::playlist, PlaylistPath{playlist.id});
        out.push_back(head);
        const auto* known = state.resources.get<Playlist>(head.address);
        // Spotify tells what is in own and collaborative playlists only: asking would be a request for
        // nothing.
        if (!known || !known->readable) return;
        add_rows<PlaylistItemPage>(state, out,
                                   [&](std::int32_t nth) { return playlist_items_page(playlist.id, nth); });
    }
    void operator()(const page::Album& album) const {
        out.push_back(catalogue<Album>(address(endpoint::album, {album.id})));
        add_rows<TrackPage>(state, out, [&](std::int32_t nth) { return album_tracks_page(album.id, nth); });
    }
    void operator()(const page::Artist& artist) const {
        out.push_back(catalogue<Artist>(address(endpoint::artist, {artist.id})));
        const auto found = state.shown.find(list_id(artist));
        const auto pages = found == state.shown.end() ? 1 : found->second;
        for (std::int32_t nth = 0; nth < pages; ++nth)
            out.push_back(catalogue<AlbumPage>(artist_albums_page(artist.id, nth)));
    }
    void operator()(const page::Settings&) const {}
};

TopQuery top_query(std::int32_t count) {
    TopQuery query;
    query.limit.emplace(count);
    return query;
}

}  // namespace

Absence absence_of(const State& state, bool unavailable, const std::string& address) {
    if (unavailable) return Absence::unavailable;
    const auto* resource = state.resources.find(address);
    if (!resource || resource->fetching || resource->reading) return Absence::loading;
    if (!state.can_ask()) return Absence::missing;
    return resource->trouble ? Absence::failed : Absence::loading;
}

std::string top_artists_address() { return address(endpoint::top_artists, None{}, top_query(12)); }
std::string top_tracks_address() { return address(endpoint::top_tracks, None{}, top_query(8)); }

std::string search_address(const std::string& query) {
    SearchQuery wanted;
    wanted.q = query;
    return address(endpoint::search, None{}, wanted);
}

std::vector<Need> needs_of(const State& state) {
    std::vector<Need> out;
    if (!state.has_account()) return out;
    std::visit(PageNeeds{state, out}, state.page);
    out.push_back(personal<PlaylistPage>(playlists_page(0)));  // the rail's
    if (state.panel == Panel::devices)
        out.push_back({address(endpoint::devices), &shape_of<Devices>, false, 10'000});
    if (state.panel == Panel::queue)
        out.push_back({address(endpoint::queue), &shape_of<Queue>, false, minute});
    return out;
}

}  // namespace cadenza::client
