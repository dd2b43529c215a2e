#include "server/emulator/playlists.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t max_uris = 100;
constexpr std::int64_t max_position = 1'000'000;

Entry entry_of(const Call& call, const std::string& uri) {
    const auto [episode, index] = playable_of(call.world.catalogue, uri);
    return {episode ? EntryKind::episode : EntryKind::track, index, call.world.now()};
}

std::vector<Entry> entries_of(const Call& call, const std::vector<std::string>& uris) {
    if (uris.size() > max_uris) throw ApiError{400, "Too many ids requested", {}};
    std::vector<Entry> out;
    out.reserve(uris.size());
    for (const auto& uri : uris) out.push_back(entry_of(call, uri));
    return out;
}

// From the query, which wins, or the body.
std::vector<std::string> uris_of(const Call& call, const Json& body) {
    if (const auto query = call.parameter("uris")) return split(*query, ',');
    return texts(body, "uris");
}

std::size_t position(const Json& body, const char* key, std::size_t fallback) {
    return static_cast<std::size_t>(integer(body, key, static_cast<std::int64_t>(fallback), 0, max_position));
}

void check_snapshot(const Json& body, const Playlist& playlist) {
    const auto id = text(body, "snapshot_id");
    if (!id.empty() && !is_snapshot_of(playlist, id)) throw ApiError{400, "Invalid snapshot_id", {}};
}

http::Response changed(Playlist& playlist, int status) {
    ++playlist.edits;
    return api_json({{"snapshot_id", snapshot_id(playlist)}}, status);
}

http::Response add(Call& call, Playlist& playlist) {
    const auto body = call.body();
    const auto added = entries_of(call, uris_of(call, body));
    if (added.empty()) throw ApiError{400, "Missing required field: uris", {}};
    auto& entries = playlist.entries;
    auto at = position(body, "position", entries.size());
    if (call.parameter("position")) at = static_cast<std::size_t>(call.number("position", 0, max_position));
    if (at > entries.size()) throw ApiError{400, "Index out of bounds", {}};
    entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
    return changed(playlist, 201);
}

http::Response reorder(Playlist& playlist, const Json& body) {
    const auto start = position(body, "range_start", 0);
    const auto length = position(body, "range_length", 1);
    const auto before = position(body, "insert_before", 0);
    check_snapshot(body, playlist);
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

http::Response replace_or_reorder(Call& call, Playlist& playlist) {
    const auto body = call.body();
    const bool moves = body.contains("range_start");
    const bool replaces = body.contains("uris") || call.parameter("uris");
    if (moves == replaces) throw ApiError{400, "Send either uris or range_start", {}};
    if (moves) return reorder(playlist, body);
    playlist.entries = entries_of(call, uris_of(call, body));
    return changed(playlist, 200);
}

// Takes every occurrence of each URI.
http::Response remove(Call& call, Playlist& playlist) {
    const auto body = call.body();
    if (!body.contains("items") || !body["items"].is_array())
        throw ApiError{400, "Missing required field: items", {}};
    std::vector<std::string> uris;
    for (const auto& item : body["items"]) {
        if (!item.is_object()) throw ApiError{400, "Invalid items", {}};
        uris.push_back(text(item, "uri"));
    }
    check_snapshot(body, playlist);
    for (const auto& gone : entries_of(call, uris))
        std::erase_if(playlist.entries, [&](const Entry& entry) {
            return entry.kind == gone.kind && entry.index == gone.index;
        });
    return changed(playlist, 200);
}

http::Response read(Call& call) {
    call.need({"playlist-read-private"});
    const auto& playlist = find_playlist(call, call.path[1]);
    if (!is_readable(call, playlist)) throw ApiError{403, "Forbidden", {}};
    need_reading(call, playlist);
    return call.page(playlist.entries.size(), [&](std::size_t i) {
        return call.shapes().playlist_item(playlist.entries[i], playlist);
    });
}

}  // namespace

http::Response playlist_items(Call& call) {
    const auto& id = call.path[1];
    switch (call.request.method) {
        case Method::get: return read(call);
        case Method::post: return add(call, playlist_to_change(call, id));
        case Method::put: return replace_or_reorder(call, playlist_to_change(call, id));
        case Method::delete_: return remove(call, playlist_to_change(call, id));
        default: throw ApiError{405, "Method not allowed", {}};
    }
}

}  // namespace cadenza::emulator
