#pragma once

#include "shared/model/album.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cadenza {

// Source: https://developer.spotify.com/documentation/web-api/reference/get-track; fields we never show are
// left out.
struct Track {
    TrackId id;
    std::string name;                // UTF-8, may be any length
    std::vector<ArtistRef> artists;  // in credited order
    std::optional<AlbumRef> album;   // absent in an album's own track list
    Millis duration_ms;
    bool explicit_{};
    bool playable{true};  // false: not in this user's country, or withdrawn

    bool operator==(const Track&) const = default;
};
BOOST_DESCRIBE_STRUCT(Track, (), (id, name, artists, album, duration_ms, explicit_, playable))

// A track in the user's "liked songs".
struct SavedTrack {
    Millis added_at;  // since 1970
    Track track;

    bool operator==(const SavedTrack&) const = default;
};
BOOST_DESCRIBE_STRUCT(SavedTrack, (), (added_at, track))

struct PlayedTrack {
    Millis played_at;  // since 1970
    Track track;

    bool operator==(const PlayedTrack&) const = default;
};
BOOST_DESCRIBE_STRUCT(PlayedTrack, (), (played_at, track))

}  // namespace cadenza
