#pragma once

#include "shared/model/id.hpp"
#include "shared/model/image.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace cadenza {

// An artist as tracks and albums credit them.
struct ArtistRef {
    ArtistId id;
    std::string name;

    bool operator==(const ArtistRef&) const = default;
};
BOOST_DESCRIBE_STRUCT(ArtistRef, (), (id, name))

struct Artist {
    ArtistId id;
    std::string name;
    std::vector<Image> images;
    std::vector<std::string> genres;  // often empty: Spotify deprecated the field

    bool operator==(const Artist&) const = default;
};
BOOST_DESCRIBE_STRUCT(Artist, (), (id, name, images, genres))

// "Ana, Bo, Cy"
std::string names(const std::vector<ArtistRef>& artists);

}  // namespace cadenza
