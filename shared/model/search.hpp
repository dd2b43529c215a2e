#pragma once

#include "shared/model/page.hpp"

#include <optional>

namespace cadenza {

// Only the kinds that were asked for are there. Ten of each at the most.
struct SearchResults {
    std::optional<TrackPage> tracks;
    std::optional<AlbumPage> albums;
    std::optional<ArtistPage> artists;
    std::optional<PlaylistPage> playlists;

    bool operator==(const SearchResults&) const = default;
};
BOOST_DESCRIBE_STRUCT(SearchResults, (), (tracks, albums, artists, playlists))

}  // namespace cadenza
