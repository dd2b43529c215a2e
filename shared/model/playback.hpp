#pragma once

#include "shared/model/artist.hpp"
#include "shared/model/device.hpp"
#include "shared/model/uri.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza {

enum class RepeatMode { off, context, track };
BOOST_DESCRIBE_ENUM(RepeatMode, off, context, track)

// What is playing: a track, an episode, or an advertisement, whose names are empty.
struct PlayingItem {
    std::optional<Uri> uri;  // absent for advertisements and local files
    std::string name;
    std::vector<ArtistRef> artists;  // of an episode: empty
    std::string collection;          // the album's name, or the show's
    std::optional<Uri> collection_uri;
    std::vector<Image> images;
    Millis duration_ms;
    bool explicit_{};

    bool operator==(const PlayingItem&) const = default;
};
BOOST_DESCRIBE_STRUCT(PlayingItem, (),
                      (uri, name, artists, collection, collection_uri, images, duration_ms, explicit_))

// What plays, where and how far. With nothing active `device` and `item` are absent.
struct Playback {
    std::optional<Device> device;
    std::optional<PlayingItem> item;
    std::optional<Uri> context_uri;  // the album, playlist or collection it came from
    bool is_playing{};
    Millis progress_ms;
    Millis timestamp;  // when progress_ms was true, since 1970
    bool shuffle{};
    RepeatMode repeat{};
    // Commands that would be refused now, by their PlayerCommand names: "next", "seek", …
    std::vector<std::string> disallows;

    bool operator==(const Playback&) const = default;
};
BOOST_DESCRIBE_STRUCT(Playback, (),
                      (device, item, context_uri, is_playing, progress_ms, timestamp, shuffle, repeat,
                       disallows))

// Where playback has got to at the instant `now` (since 1970), within the item's duration.
std::int64_t progress_at(const Playback& playback, std::int64_t now) noexcept;

struct Queue {
    std::optional<PlayingItem> current;
    std::vector<PlayingItem> items;  // what follows; Spotify pads it with repeats, which are left out

    bool operator==(const Queue&) const = default;
};
BOOST_DESCRIBE_STRUCT(Queue, (), (current, items))

}  // namespace cadenza
