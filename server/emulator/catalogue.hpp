#pragma once

// An invented music catalogue, the same for the same seed. Indexes are positions in the vectors.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace cadenza::emulator {

using Index = std::size_t;

struct Artist {
    std::string id;
    std::string name;
    std::vector<std::string> genres;
    std::vector<Index> albums;  // own, and those it is featured on behind them
};

struct Album {
    std::string id;
    std::string name;
    std::string type;  // "album", "single", "compilation"
    std::vector<Index> artists;
    std::string release_date;
    std::vector<Index> tracks;
};

struct Track {
    std::string id;
    std::string name;
    std::vector<Index> artists;
    Index album{};
    int number{};
    std::int64_t duration_ms{};
    bool is_explicit{};
    bool playable{true};
};

struct Catalogue {
    std::vector<Artist> artists;
    std::vector<Album> albums;
    std::vector<Track> tracks;
    std::unordered_map<std::string, Index> artist_by_id;
    std::unordered_map<std::string, Index> album_by_id;
    std::unordered_map<std::string, Index> track_by_id;
};

// About 60 artists, 300 albums, 3,000 tracks.
Catalogue make_catalogue(std::uint64_t seed);

}  // namespace cadenza::emulator
