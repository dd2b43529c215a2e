#pragma once

#include "shared/base/bounded.hpp"
#include "shared/model/playlist.hpp"

#include <boost/describe/class.hpp>

#include <vector>

namespace cadenza {

// A page of a longer list. Items that could not be read (null, local files, podcasts in a playlist) are left
// out and counted, so `offset + items.size() + dropped` is where the next page begins.
template <class T>
struct Page {
    std::vector<T> items;
    Count offset;   // of the page's first entry in the whole list
    Count total;    // of the whole list
    Count dropped;  // entries of this page that are not in `items`

    bool operator==(const Page&) const = default;
};
// Boost.Describe takes a class template's members through a dependent typedef, one line a type.
#define CADENZA_PAGE(name, T) \
    using name = Page<T>;     \
    BOOST_DESCRIBE_STRUCT(name, (), (items, offset, total, dropped))
CADENZA_PAGE(TrackPage, Track)
CADENZA_PAGE(SavedTrackPage, SavedTrack)
CADENZA_PAGE(PlayedTrackPage, PlayedTrack)
CADENZA_PAGE(AlbumPage, Album)
CADENZA_PAGE(SavedAlbumPage, SavedAlbum)
CADENZA_PAGE(ArtistPage, Artist)
CADENZA_PAGE(PlaylistPage, Playlist)
CADENZA_PAGE(PlaylistItemPage, PlaylistItem)
#undef CADENZA_PAGE

}  // namespace cadenza
