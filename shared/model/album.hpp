#pragma once

#include "shared/model/artist.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

namespace cadenza {

// An album as its tracks name it.
struct AlbumRef {
    AlbumId id;
    std::string name;
    std::vector<Image> images;

    bool operator==(const AlbumRef&) const = default;
};
BOOST_DESCRIBE_STRUCT(AlbumRef, (), (id, name, images))

enum class AlbumType { album, single, compilation };
BOOST_DESCRIBE_ENUM(AlbumType, album, single, compilation)

struct Album {
    AlbumId id;
    std::string name;
    std::vector<ArtistRef> artists;
    std::vector<Image> images;
    AlbumType album_type{};
    std::string release_date;  // "1981", "1981-12" or "1981-12-15"
    Count total_tracks;

    bool operator==(const Album&) const = default;
};
BOOST_DESCRIBE_STRUCT(Album, (), (id, name, artists, images, album_type, release_date, total_tracks))

struct SavedAlbum {
    Millis added_at;  // since 1970
    Album album;

    bool operator==(const SavedAlbum&) const = default;
};
BOOST_DESCRIBE_STRUCT(SavedAlbum, (), (added_at, album))

// "1981"; empty when the date is unknown.
std::string_view release_year(const Album& album) noexcept;

}  // namespace cadenza
