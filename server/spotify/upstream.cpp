#include "server/spotify/upstream.hpp"

#include "shared/model/id.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

using enum EndpointGroup;
constexpr auto get = Method::get;
constexpr auto put = Method::put;
constexpr auto post = Method::post;

// Source: https://developer.spotify.com/documentation/web-api/reference, as an app created in 2026 sees it.
constexpr Upstream table[] = {
    {get, "/me", profile, Kept::never},
    {get, "/me/playlists", library, Kept::library},
    {get, "/me/tracks", library, Kept::library},
    {get, "/me/albums", library, Kept::library},
    {get, "/me/following", library, Kept::library},
    {get, "/me/library/contains", library, Kept::library},
    {put, "/me/library", library, Kept::library},
    {Method::delete_, "/me/library", library, Kept::library},

    {get, "/me/player", player, Kept::never},
    {get, "/me/player/devices", player, Kept::never},
    {get, "/me/player/queue", player, Kept::never},
    {put, "/me/player", player, Kept::never},
    {put, "/me/player/play", player, Kept::never},
    {put, "/me/player/pause", player, Kept::never},
    {put, "/me/player/seek", player, Kept::never},
    {put, "/me/player/volume", player, Kept::never},
    {put, "/me/player/shuffle", player, Kept::never},
    {put, "/me/player/repeat", player, Kept::never},
    {post, "/me/player/next", player, Kept::never},
    {post, "/me/player/previous", player, Kept::never},
    {post, "/me/player/queue", player, Kept::never},

    {get, "/me/player/recently-played", listening, Kept::recent},
    {get, "/me/top/artists", listening, Kept::top},
    {get, "/me/top/tracks", listening, Kept::top},

    {get, "/playlists/{id}", playlists, Kept::playlist},
    {get, "/playlists/{id}/items", playlists, Kept::playlist_items},
    {get, "/albums/{id}", catalogue, Kept::catalogue},
    {get, "/albums/{id}/tracks", catalogue, Kept::catalogue},
    {get, "/artists/{id}", catalogue, Kept::catalogue},
    {get, "/artists/{id}/albums", catalogue, Kept::catalogue},
    {get, "/tracks/{id}", catalogue, Kept::catalogue},
    {get, "/search", search, Kept::search},
};

// "/albums/{id}/tracks" and "/albums/4aawyAB9vmqN3uQ7FjRGTy/tracks"
bool matches(std::string_view pattern, std::string_view path) {
    constexpr std::string_view hole = "{id}";
    constexpr std::size_t id_length = 22;
    const auto at = pattern.find(hole);
    if (at == pattern.npos) return path == pattern;
    const auto rest = pattern.substr(at + hole.size());
    return path.size() == at + id_length + rest.size() && path.starts_with(pattern.substr(0, at)) &&
           path.ends_with(rest) && TrackId::parse(path.substr(at, id_length)).has_value();
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-._~=&,:").find(c) != std::string_view::npos;
}

bool is_query(std::string_view query) {
    for (std::size_t i = 0; i < query.size(); ++i) {
        if (is_plain(query[i])) continue;
        if (query[i] != '%' || i + 2 >= query.size() || !is_hex(query[i + 1]) || !is_hex(query[i + 2]))
            return false;
        i += 2;
    }
    return true;
}

}  // namespace

std::span<const Upstream> upstream_table() noexcept { return table; }

const Upstream* find_upstream(Method method, std::string_view target) noexcept {
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    if (mark != target.npos && !is_query(target.substr(mark + 1))) return nullptr;
    const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Upstream& row) {
        return row.method == method && matches(row.path, path);
    });
    return found == std::end(table) ? nullptr : found;
}

}  // namespace cadenza::server
