#pragma once

// The addresses the client shows pages at. The server answers them with the shell, the service worker with
// the cached shell; anything else goes to the network and is 404 when nothing is there.

#include <array>
#include <string_view>

namespace cadenza {

// "{id}" stands for one Spotify id (22 base-62 characters).
inline constexpr std::array<std::string_view, 10> page_patterns{
    "/",
    "/search",
    "/library/tracks",
    "/library/playlists",
    "/library/albums",
    "/library/artists",
    "/playlist/{id}",
    "/album/{id}",
    "/artist/{id}",
    "/settings",
};

// Whether `path` (no query) is one of them.
bool is_page(std::string_view path) noexcept;

}  // namespace cadenza
