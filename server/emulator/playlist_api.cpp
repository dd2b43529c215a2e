// /me/playlists, /playlists/{id}, /playlists/{id}/items.
#include "server/emulator/call.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t max_uris = 100;

bool readable(const Call& call, const Playlist& playlist) {
    return (playlist.ownership == Ownership::own || playlist.ownership == Ownership::collaborative) &&
           &call.world.users[playlist.owner] == &call.user;
}

Playlist& find(Call& call, const std::string& id) {
    auto* playlist = call.world.find_playlist(id);
    if (!playlist || playlist->ownership == Ownership::editorial)
        throw ApiError{404, "Resource not found", {}};
    const bool foreign = &call.world.users[playlist->owner] != &call.user;
    if (foreign && !playlist->is_public) throw ApiError{404, "Resource not found", {}};
    return *playlist;
}

Playlist& find_own(Call& call, const std::string& id) {
    auto& playlist = find(call, id);
    if (!readable(call, playlist)) throw ApiError{403, "Forbidden", {}};
    return playlist;
}

std::vector<Entry> entries_of(Call& call, const std::vector<std::string>& uris) {
    if (uris.size() > max_uris) throw ApiError{400, "Too many ids requested", {}};
    std::vector<Entry> out;
    for (const auto& uri : uris) {
        const auto parts = split(uri, ':');
        const auto found = parts.size() == 3 && parts[1] == "track"
                               ? call.world.catalogue.track_by_id.find(parts[2])
                               : call.world.catalogue.track_by_id.end();
        if (found == call.world.catalogue.track_by_id.end())
            throw ApiError{400, "Invalid track uri: " + uri, {}};
        out.push_back({EntryKind::track, found->second, call.world.now()});
    }
    return out;
}

// From the query, which wins, or the body.
std::vector<std::string> uris_of(Call& call, const Json& body) {
    if (const auto text = call.parameter("uris")) return split(*text, ',');
    std::vector<std::string> out;
    if (body.contains("uris") && body["uris"].is_array())
        for (const auto& uri : body["uris"])
            if (uri.is_string()) out.push_back(uri.get<std::string>());
    return out;
}

http::Response changed(Playlist& playlist, int status) {
    ++playlist.edits;
    return api_json({{"snapshot_id", snapshot_id(playlist)}}, status);
}

std::size_t number(const Json& body, const char* key, std::size_t fallback) {
    if (!body.contains(key)) return fallback;
    if (!body[key].is_number_unsigned()) throw ApiError{400, std::string("Invalid ") + key, {}};
    return body[key].get<std::size_t>();
}

http::Response add_items(Call& call, Playlist& playlist) {
    const auto body = call.body();
    const auto added = entries_of(call, uris_of(call, body));
    if (added.empty()) throw ApiError{400, "Missing required field: uris", {}};
    auto position = number(body, "position", playlist.entries.size());
    if (const auto text = call.parameter("position")) position = std::stoul("0" + *text);
    position = std::min(position, playlist.entries.size());
    playlist.entries.insert(playlist.entries.begin() + static_cast<std::ptrdiff_t>(position), added.begin(),
                            added.end());
    return changed(playlist, 201);
}

http::Response reorder(Playlist& playlist, const Json& body) {
    const auto start = number(body, "range_start", 0);
    const auto length = number(body, "range_length", 1);
    const auto before = number(body, "insert_before", 0);
    auto& entries = playlist.entries;
    if (start + length > entries.size() || before > entries.size())
        throw ApiError{400, "Index out of bounds", {}};
    const auto at = [&](std::size_t i) { return entries.begin() + static_cast<std::ptrdiff_t>(i); };
    if (before < start)
        std::rotate(at(before), at(start), at(start + length));
    else if (before > start + length)
        std::rotate(at(start), at(start + length), at(before));
    return changed(playlist, 200);
}

http::Response put_items(Call& call, Playlist& playlist) {
    const auto body = call.body();
    const bool moves = body.contains("range_start");
    const bool replaces = body.contains("uris") || call.parameter("uris");
    if (moves == replaces) throw ApiError{400, "Send either uris or range_start", {}};
    if (moves) return reorder(playlist, body);
    playlist.entries = entries_of(call, uris_of(call, body));
    return changed(playlist, 200);
}

// Takes every occurrence of each URI.
http::Response delete_items(Call& call, Playlist& playlist) {
    const auto body = call.body();
    if (!body.contains("items") || !body["items"].is_array())
        throw ApiError{400, "Missing required field: items", {}};
    std::vector<std::string> uris;
    for (const auto& item : body["items"]) uris.push_back(item.value("uri", ""));
    for (const auto& gone : entries_of(call, uris))
        std::erase_if(playlist.entries, [&](const Entry& entry) {
            return entry.kind == EntryKind::track && entry.track == gone.track;
        });
    return changed(playlist, 200);
}

http::Response items(Call& call) {
    const auto& id = call.path[1];
    if (call.request.method == Method::get) {
        call.need({"playlist-read-private"});
        auto& playlist = find_own(call, id);
        const auto at = [&](std::size_t i) {
            return call.shapes().playlist_item(playlist.entries[i], playlist);
        };
        return api_json(
            paging(call.address(), call.offset(), call.limit(20, 50), playlist.entries.size(), at));
    }
    call.need({"playlist-modify-public", "playlist-modify-private"});
    auto& playlist = find_own(call, id);
    switch (call.request.method) {
        case Method::post: return add_items(call, playlist);
        case Method::put: return put_items(call, playlist);
        case Method::delete_: return delete_items(call, playlist);
        default: throw ApiError{405, "Method not allowed", {}};
    }
}

void read_details(const Json& body, Playlist& playlist) {
    if (body.contains("name")) playlist.name = body.value("name", "");
    if (body.contains("description") && body["description"].is_string())
        playlist.description = body["description"];
    if (body.contains("public") && body["public"].is_boolean()) playlist.is_public = body["public"];
    if (body.contains("collaborative") && body["collaborative"].is_boolean())
        playlist.ownership = body["collaborative"].get<bool>() ? Ownership::collaborative : Ownership::own;
}

http::Response create(Call& call) {
    call.need({"playlist-modify-public", "playlist-modify-private"});
    const auto body = call.body();
    if (!body.contains("name") || !body["name"].is_string())
        throw ApiError{400, "Missing required field: name", {}};
    Playlist playlist;
    playlist.id = call.world.make_id();
    for (std::size_t i = 0; i < call.world.users.size(); ++i)
        if (&call.world.users[i] == &call.user) playlist.owner = i;
    playlist.owner_name = call.user.name;
    read_details(body, playlist);
    call.user.playlists.insert(call.user.playlists.begin(), playlist.id);
    const auto& kept = call.world.playlists[playlist.id] = playlist;
    return api_json(call.shapes().playlist(kept), 201);
}

http::Response mine(Call& call) {
    call.need({"playlist-read-private"});
    const auto at = [&](std::size_t i) -> Json {
        const auto* playlist = call.world.find_playlist(call.user.playlists[i]);
        return playlist ? call.shapes().playlist(*playlist) : Json(nullptr);
    };
    return api_json(
        paging(call.address(), call.offset(), call.limit(20, 50), call.user.playlists.size(), at));
}

http::Response one(Call& call) {
    auto& playlist = find(call, call.path[1]);
    auto out = call.shapes().playlist(playlist);
    out["followers"] = {{"href", nullptr}, {"total", 0}};
    if (readable(call, playlist))
        out["items"] = paging(call.address() + "/items", 0, 50, playlist.entries.size(), [&](std::size_t i) {
            return call.shapes().playlist_item(playlist.entries[i], playlist);
        });
    else
        out.erase("items");
    return api_json(out);
}

}  // namespace

std::optional<http::Response> playlist_api(Call& call) {
    const auto& path = call.path;
    if (path.size() == 2 && path[0] == "me" && path[1] == "playlists") {
        if (call.request.method == Method::get) return mine(call);
        if (call.request.method == Method::post) return create(call);
    }
    if (path.size() < 2 || path[0] != "playlists") return std::nullopt;
    if (call.is(Method::get, 2)) return one(call);
    if (call.is(Method::put, 2)) {
        call.need({"playlist-modify-public", "playlist-modify-private"});
        auto& playlist = find_own(call, path[1]);
        read_details(call.body(), playlist);
        ++playlist.edits;
        return http::Response::empty(call.world.options.harsh ? 204 : 200);
    }
    if (path.size() == 3 && path[2] == "items") return items(call);
    if (path.size() == 3 && path[2] == "images" && call.request.method == Method::get)
        return api_json(call.shapes().images("playlist", find(call, path[1]).id));
    return std::nullopt;
}

}  // namespace cadenza::emulator
