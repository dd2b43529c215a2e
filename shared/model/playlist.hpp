#pragma once

#include "shared/model/track.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cadenza {

struct Playlist {
    PlaylistId id;
    std::string name;
    std::string description;  // plain text
    std::string owner;        // the owner's display name
    std::vector<Image> images;
    Count total;  // tracks in it
    bool collaborative{};
    // Whether its tracks may be listed: own and collaborative playlists only, since February 2026. Others can
    // still be played as a whole.
    bool readable{};
    std::string snapshot_id;  // changes with every edit

    bool operator==(const Playlist&) const = default;
};
BOOST_DESCRIBE_STRUCT(Playlist, (),
                      (id, name, description, owner, images, total, collaborative, readable, snapshot_id))

struct PlaylistItem {
    std::optional<Millis> added_at;  // since 1970; unknown for very old entries
    Track track;

    bool operator==(const PlaylistItem&) const = default;
};
BOOST_DESCRIBE_STRUCT(PlaylistItem, (), (added_at, track))

}  // namespace cadenza
