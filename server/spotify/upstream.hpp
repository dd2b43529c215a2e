#pragma once

// The endpoints of Spotify's Web API that are used, as data. What is not in the table does not leave this
// server, whoever asked for it.

#include "shared/api/method.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace cadenza::server {

// What requests are counted by.
enum class EndpointGroup { profile, library, player, playlists, catalogue, search, listening };
inline constexpr std::size_t endpoint_groups = 7;
inline constexpr std::array<std::string_view, endpoint_groups> endpoint_group_names{
    "profile", "library", "player", "playlists", "catalogue", "search", "listening"};

// How long answers are kept, and what makes them old; see response_cache.hpp.
enum class Kept { never, catalogue, library, playlist, playlist_items, search, recent, top };

struct Upstream {
    Method method{};
    std::string_view path;  // after /v1; {id} stands for a Spotify id
    EndpointGroup group{};
    Kept kept{};  // of a read: how its answer is kept; of a write: which answers of the account it makes old
};

std::span<const Upstream> upstream_table() noexcept;

// The row of a request to `target`, which is path and query: "/me/tracks?limit=50". nullptr when there is
// none, or when `target` is written in any other way than our own: only the table's literal paths and
// 22-character ids are taken, and a query of unreserved characters, "=&,:" and %XX.
const Upstream* find_upstream(Method method, std::string_view target) noexcept;

}  // namespace cadenza::server
