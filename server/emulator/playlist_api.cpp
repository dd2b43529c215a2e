// /me/playlists, /playlists/{id}, /playlists/{id}/images.
#include "server/base/base64url.hpp"
#include "server/emulator/playlists.hpp"

#include <algorithm>

namespace cadenza::emulator {

bool is_readable(const Call& call, const Playlist& playlist) {
    return (playlist.ownership == Ownership::own || playlist.ownership == Ownership::collaborative) &&
           call.owns(playlist);
}

Playlist& find_playlist(const Call& call, const std::string& id) {
    auto* playlist = call.world.find_playlist(id);
    if (!playlist || playlist->ownership == Ownership::editorial)
        throw ApiError{404, "Resource not found", {}};
    if (!playlist->is_public && !call.owns(*playlist)) throw ApiError{404, "Resource not found", {}};
    return *playlist;
}

void need_reading(const Call& call, const Playlist& playlist) {
    if (playlist.ownership == Ownership::collaborative)
        call.need({"playlist-read-collaborative"});
    else if (!playlist.is_public)
        call.need({"playlist-read-private"});
}

Playlist& playlist_to_change(const Call& call, const std::string& id) {
    call.need({"playlist-modify-public", "playlist-modify-private"});
    auto& playlist = find_playlist(call, id);
    if (!is_readable(call, playlist)) throw ApiError{403, "Forbidden", {}};
    call.need({playlist.is_public ? "playlist-modify-public" : "playlist-modify-private"});
    return playlist;
}

namespace {

constexpr std::size_t max_picture = 256 * 1024;  // as base64

// `playlist` with what the body says. Throws as the Web API refuses.
Playlist with_details(const Json& body, Playlist playlist) {
    playlist.name = text(body, "name", playlist.name);
    playlist.description = text(body, "description", playlist.description);
    playlist.is_public = flag(body, "public", playlist.is_public);
    const bool shared = flag(body, "collaborative", playlist.ownership == Ownership::collaborative);
    playlist.ownership = shared ? Ownership::collaborative : Ownership::own;
    if (playlist.name.empty()) throw ApiError{400, "Missing required field: name", {}};
    if (shared && playlist.is_public) throw ApiError{400, "Collaborative playlists can only be private", {}};
    return playlist;
}

http::Response create(Call& call) {
    call.need({"playlist-modify-public", "playlist-modify-private"});
    auto playlist = with_details(call.body(), {});
    call.need({playlist.is_public ? "playlist-modify-public" : "playlist-modify-private"});
    playlist.id = call.world.make_id();
    playlist.owner = static_cast<std::size_t>(&call.user - call.world.users.data());
    playlist.owner_id = call.user.id;
    playlist.owner_name = call.user.name;
    call.user.playlists.insert(call.user.playlists.begin(), playlist.id);
    const auto& kept = call.world.playlists[playlist.id] = std::move(playlist);
    return api_json(whole_playlist(call, kept), 201);
}

http::Response mine(Call& call) {
    call.need({"playlist-read-private"});
    std::vector<const Playlist*> shown;
    for (const auto& id : call.user.playlists) {
        const auto* playlist = call.world.find_playlist(id);
        const bool shared = playlist && playlist->ownership == Ownership::collaborative;
        if (!shared || call.may("playlist-read-collaborative")) shown.push_back(playlist);
    }
    // Spotify's own ones come as null.
    return call.page(shown.size(), [&](std::size_t i) -> Json {
        if (!shown[i] || shown[i]->ownership == Ownership::editorial) return nullptr;
        return call.shapes().playlist(*shown[i]);
    });
}

http::Response change(Call& call) {
    auto& playlist = playlist_to_change(call, call.path[1]);
    playlist = with_details(call.body(), playlist);
    ++playlist.edits;
    return http::Response::empty(call.world.options.harsh ? 204 : 200);
}

http::Response set_picture(Call& call) {
    call.need({"ugc-image-upload"});
    auto& playlist = playlist_to_change(call, call.path[1]);
    if (call.request.header("Content-Type") != "image/jpeg")
        throw ApiError{400, "Content-Type must be image/jpeg", {}};
    if (call.request.body.size() > max_picture) throw ApiError{413, "Image too large", {}};
    auto picture = server::from_base64(call.request.body);
    if (!picture || !picture->starts_with("\xFF\xD8\xFF")) throw ApiError{400, "Invalid image", {}};
    playlist.picture = std::move(*picture);
    return http::Response::empty(202);
}

http::Response images(Call& call) {
    const auto& playlist = find_playlist(call, call.path[1]);
    need_reading(call, playlist);
    return api_json(call.shapes().playlist_images(playlist));
}

}  // namespace

Json whole_playlist(const Call& call, const Playlist& playlist) {
    auto out = call.shapes().playlist(playlist);
    out["followers"] = {{"href", nullptr}, {"total", 0}};
    if (!is_readable(call, playlist)) {
        out.erase("items");
        return out;
    }
    const auto link = [&](std::size_t offset, std::size_t limit) {
        return call.world.options.base + "/v1/playlists/" + playlist.id +
               "/items?offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit);
    };
    out["items"] = paging(link, 0, 50, playlist.entries.size(), [&](std::size_t i) {
        return call.shapes().playlist_item(playlist.entries[i], playlist);
    });
    return out;
}

std::optional<http::Response> playlist_api(Call& call) {
    const auto& path = call.path;
    if (path.size() == 2 && path[0] == "me" && path[1] == "playlists") {
        if (call.request.method == Method::get) return mine(call);
        if (call.request.method == Method::post) return create(call);
    }
    if (path.size() < 2 || path[0] != "playlists") return std::nullopt;
    if (call.is(Method::get, 2)) {
        const auto& playlist = find_playlist(call, path[1]);
        need_reading(call, playlist);
        return api_json(whole_playlist(call, playlist));
    }
    if (call.is(Method::put, 2)) return change(call);
    if (path.size() == 3 && path[2] == "items") return playlist_items(call);
    if (path.size() == 3 && path[2] == "images") {
        if (call.request.method == Method::get) return images(call);
        if (call.request.method == Method::put) return set_picture(call);
    }
    return std::nullopt;
}

}  // namespace cadenza::emulator
