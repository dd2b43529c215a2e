#pragma once

#include "shared/model/page.hpp"

#include <string>

namespace cadenza {

// A valid id ending in `number`: "0000000000000000000007".
template <class Kind = TrackId>
Kind id(int number) {
    const auto digits = std::to_string(number);
    return *Kind::parse(std::string(22 - digits.size(), '0') + digits);
}

inline Track track(int number) {
    Track out;
    out.id = id<TrackId>(number);
    out.name = "Track " + std::to_string(number);
    out.artists = {{id<ArtistId>(number), "Artist " + std::to_string(number)}};
    out.duration_ms = 180'000;
    return out;
}

// `count` tracks numbered from `first` on.
inline std::vector<Track> tracks(int count, int first = 0) {
    std::vector<Track> out;
    for (int i = 0; i < count; ++i) out.push_back(track(first + i));
    return out;
}

}  // namespace cadenza
