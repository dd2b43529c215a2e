#pragma once

// An invented music catalogue, the same for the same seed. Indexes are positions in the vectors.

#include "server/emulator/random.hpp"

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
    std::vector<Index> albums;      // own
    std::vector<Index> appears_on;  // albums of others, or mixed ones, with a track of theirs
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

struct Show {
    std::string id;
    std::string name;
    std::string description;
    std::vector<Index> episodes;  // newest first
};

struct Episode {
    std::string id;
    std::string name;
    std::string description;
    Index show{};
    std::string release_date;
    std::int64_t duration_ms{};
};

struct Audiobook {
    std::string id;
    std::string name;
    std::string description;
    std::string author;
    std::string narrator;
    std::vector<Index> chapters;
};

struct Chapter {
    std::string id;
    std::string name;
    Index audiobook{};
    int number{};  // from 1
    std::int64_t duration_ms{};
};

using ById = std::unordered_map<std::string, Index>;

struct Catalogue {
    std::vector<Artist> artists;
    std::vector<Album> albums;
    std::vector<Track> tracks;
    std::vector<Show> shows;
    std::vector<Episode> episodes;
    std::vector<Audiobook> audiobooks;
    std::vector<Chapter> chapters;
    ById artist_by_id;
    ById album_by_id;
    ById track_by_id;
    ById show_by_id;
    ById episode_by_id;
    ById audiobook_by_id;
    ById chapter_by_id;
};

// About 60 artists, 300 albums, 3,000 tracks, and a handful of what is spoken.
Catalogue make_catalogue(std::uint64_t seed);

// Shows with their episodes, audiobooks with their chapters.
void add_spoken(Catalogue& catalogue, Random& random);

}  // namespace cadenza::emulator
