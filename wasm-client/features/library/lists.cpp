#include "wasm-client/features/library/lists.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::int32_t rows_around = 12;

PageQuery range(std::int32_t nth) {
    PageQuery query;
    query.offset.emplace(nth * page_size);
    query.limit.emplace(page_size);
    return query;
}

template <class Item>
void add_tracks(const Resource& resource, std::vector<const Track*>& out) {
    for (const auto& item : static_cast<const cadenza::Page<Item>*>(resource.value.get())->items)
        out.push_back(&item.track);
}

void add_tracks(const TrackPage& page, std::vector<const Track*>& out) {
    for (const auto& track : page.items) out.push_back(&track);
}

}  // namespace

std::string liked_page(std::int32_t nth) { return address(endpoint::library_tracks, None{}, range(nth)); }
std::string playlists_page(std::int32_t nth) {
    return address(endpoint::library_playlists, None{}, range(nth));
}
std::string saved_albums_page(std::int32_t nth) {
    return address(endpoint::library_albums, None{}, range(nth));
}

std::string artists_page(const State& state, std::int32_t nth) {
    AfterQuery query;
    query.limit.emplace(page_size);
    for (std::int32_t i = 0; i < nth; ++i) {
        const auto* page = state.resources.get<ArtistPage>(address(endpoint::library_artists, None{}, query));
        if (!page || page->items.empty()) return {};
        query.after = page->items.back().id;
    }
    return address(endpoint::library_artists, None{}, query);
}

std::string playlist_items_page(const PlaylistId& id, std::int32_t nth) {
    return address(endpoint::playlist_items, {id}, range(nth));
}

std::string album_tracks_page(const AlbumId& id, std::int32_t nth) {
    return address(endpoint::album_tracks, {id}, range(nth));
}

std::string artist_albums_page(const ArtistId& id, std::int32_t nth) {
    ShortPageQuery query;
    query.offset.emplace(nth * short_page_size);
    query.limit.emplace(short_page_size);
    return address(endpoint::artist_albums, {id}, query);
}

std::string list_id(const Page& page) {
    auto out = "list" + address_of(page);
    std::replace(out.begin(), out.end(), '/', '-');
    return out;
}

Window rows_wanted(const State& state) {
    const auto found = state.windows.find(list_id(state.page));
    auto window = found == state.windows.end() ? Window{} : found->second;
    window.first = std::max(0, window.first - rows_around);
    window.last += rows_around;
    return window;
}

std::vector<const Track*> tracks_in(const Resource& resource) {
    std::vector<const Track*> out;
    if (!resource.value) return out;
    if (resource.shape == &shape_of<SavedTrackPage>) add_tracks<SavedTrack>(resource, out);
    if (resource.shape == &shape_of<PlaylistItemPage>) add_tracks<PlaylistItem>(resource, out);
    if (resource.shape == &shape_of<PlayedTrackPage>) add_tracks<PlayedTrack>(resource, out);
    if (resource.shape == &shape_of<TrackPage>)
        add_tracks(*static_cast<const TrackPage*>(resource.value.get()), out);
    if (resource.shape == &shape_of<SearchResults>) {
        const auto& results = *static_cast<const SearchResults*>(resource.value.get());
        if (results.tracks) add_tracks(*results.tracks, out);
    }
    return out;
}

const Track* find_track(const State& state, const Uri& uri) {
    for (const auto& [address, resource] : state.resources)
        for (const auto* track : tracks_in(resource))
            if (track->id.str() == uri.id()) return track;
    return nullptr;
}

Following following(const State& state, std::string_view list, const Uri& first, std::size_t most) {
    Following out;
    const auto add = [&](const Resource& page) {
        for (const auto* track : tracks_in(page)) {
            if (out.uris.size() == most) return;
            if (out.uris.empty() && track->id.str() != first.id()) continue;
            auto uri = Uri::parse(track->id.uri());
            if (uri && std::find(out.uris.begin(), out.uris.end(), *uri) == out.uris.end())
                out.uris.push_back(std::move(*uri));
        }
    };
    if (list == liked_list) {
        const auto* head = state.resources.get<SavedTrackPage>(liked_page(0));
        const auto total = head ? head->total.get() : 0;
        for (std::int32_t nth = 0; nth * page_size < total && out.uris.size() < most; ++nth) {
            auto address = liked_page(nth);
            if (state.resources.get<SavedTrackPage>(address)) {
                add(*state.resources.find(address));
            } else if (!out.uris.empty()) {
                out.missing = std::move(address);
                break;
            }
        }
    } else if (const auto* whole = state.resources.find(std::string(list))) {
        add(*whole);
    }
    if (out.uris.empty()) out.uris.push_back(first);
    return out;
}

}  // namespace cadenza::client
