#pragma once

// URL ↔ page. The patterns are those of shared/api/pages.hpp, which the server and the service worker use
// too.

#include "shared/model/id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cadenza::client {

namespace page {

struct Home {
    bool operator==(const Home&) const = default;
};
struct Search {
    std::string query;
    bool operator==(const Search&) const = default;
};
enum class Shelf { tracks, playlists, albums, artists };
struct Library {
    Shelf shelf{};
    bool operator==(const Library&) const = default;
};
struct Playlist {
    PlaylistId id;
    bool operator==(const Playlist&) const = default;
};
struct Album {
    AlbumId id;
    bool operator==(const Album&) const = default;
};
struct Artist {
    ArtistId id;
    bool operator==(const Artist&) const = default;
};
struct Settings {
    bool operator==(const Settings&) const = default;
};

}  // namespace page

using Page = std::variant<page::Home, page::Search, page::Library, page::Playlist, page::Album, page::Artist,
                          page::Settings>;

// What an address shows; home when it is no page of ours.
Page parse_page(std::string_view address);
// "/playlist/37i9…"
std::string address_of(const Page& page);
// Of "/?problem=denied": "denied".
std::string problem_in(std::string_view address);

}  // namespace cadenza::client
