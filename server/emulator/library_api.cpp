// /me, /me/tracks, /me/albums, /me/following, /me/top, /me/library.
#include "server/emulator/call.hpp"

#include <algorithm>
#include <functional>

namespace cadenza::emulator {
namespace {

constexpr std::size_t max_uris = 40;

http::Response top(Call& call) {
    call.need({"user-top-read"});
    const auto range = call.parameter("time_range").value_or("medium_term");
    if (range != "short_term" && range != "medium_term" && range != "long_term")
        throw ApiError{400, "Invalid time range", {}};
    const auto& catalogue = call.world.catalogue;
    const bool artists = call.path[2] == "artists";
    const std::size_t total = artists ? std::min<std::size_t>(50, catalogue.artists.size()) : 50;
    // Another order for each range and user, the same every time.
    const auto start = seed_of(range + call.user.id) % 23;
    const auto at = [&](std::size_t i) {
        return artists ? call.shapes().artist((start + i * 7) % catalogue.artists.size())
                       : call.shapes().track((start * 101 + i * 53) % catalogue.tracks.size());
    };
    return api_json(paging(call.address(), call.offset(), call.limit(20, 50), total, at));
}

http::Response following(Call& call) {
    call.need({"user-follow-read"});
    if (call.parameter("type") != "artist") throw ApiError{400, "Missing required field: type", {}};
    const auto limit = call.limit(20, 50);
    const auto& followed = call.user.artists;
    std::size_t begin = 0;
    if (const auto after = call.parameter("after")) {
        const auto found = std::find_if(followed.begin(), followed.end(), [&](Index index) {
            return call.world.catalogue.artists[index].id == *after;
        });
        begin = found == followed.end() ? 0 : static_cast<std::size_t>(found - followed.begin()) + 1;
    }
    Json items = Json::array();
    const auto end = std::min(begin + limit, followed.size());
    for (auto i = begin; i < end; ++i) items.push_back(call.shapes().artist(followed[i]));
    const Json after =
        end < followed.size() ? Json(call.world.catalogue.artists[followed[end - 1]].id) : Json(nullptr);
    const auto address = call.address() + "?type=artist&limit=" + std::to_string(limit);
    return api_json(
        {{"artists",
          {{"href", address},
           {"items", std::move(items)},
           {"limit", limit},
           {"next", after.is_null() ? Json(nullptr) : Json(address + "&after=" + after.get<std::string>())},
           {"cursors", {{"after", after}}},
           {"total", followed.size()}}}});
}

// One thing that can be in a library, found by its URI.
struct Shelf {
    std::function<bool()> contains;
    std::function<void(bool)> set;
};

Shelf saved_shelf(Call& call, std::vector<Saved>& list, Index index) {
    const auto find = [&list, index] {
        return std::find_if(list.begin(), list.end(),
                            [&](const Saved& saved) { return saved.index == index; });
    };
    return {[&list, find] { return find() != list.end(); },
            [&list, &call, find, index](bool saved) {
                const auto found = find();
                if (saved && found == list.end()) list.insert(list.begin(), {index, call.world.now()});
                if (!saved && found != list.end()) list.erase(found);
            }};
}

template <class List, class Value>
Shelf plain_shelf(List& list, Value value) {
    return {[&list, value] { return std::find(list.begin(), list.end(), value) != list.end(); },
            [&list, value](bool saved) {
                std::erase(list, value);
                if (saved) list.insert(list.begin(), value);
            }};
}

Shelf shelf_of(Call& call, const std::string& uri, bool writing) {
    const auto parts = split(uri, ':');
    if (parts.size() != 3 || parts[0] != "spotify") throw ApiError{400, "Invalid uri: " + uri, {}};
    const auto& catalogue = call.world.catalogue;
    const auto scope = [&](const char* read, const char* write) { call.need({writing ? write : read}); };
    const auto index_of = [&](const auto& by_id) {
        const auto found = by_id.find(parts[2]);
        if (found == by_id.end()) throw ApiError{400, "Invalid base62 id", {}};
        return found->second;
    };
    if (parts[1] == "track") {
        scope("user-library-read", "user-library-modify");
        return saved_shelf(call, call.user.tracks, index_of(catalogue.track_by_id));
    }
    if (parts[1] == "album") {
        scope("user-library-read", "user-library-modify");
        return saved_shelf(call, call.user.albums, index_of(catalogue.album_by_id));
    }
    if (parts[1] == "artist") {
        scope("user-follow-read", "user-follow-modify");
        return plain_shelf(call.user.artists, index_of(catalogue.artist_by_id));
    }
    if (parts[1] == "playlist") {
        scope("playlist-read-private", "playlist-modify-public");
        return plain_shelf(call.user.playlists, parts[2]);
    }
    throw ApiError{400, "Unsupported uri type: " + parts[1], {}};
}

http::Response library(Call& call) {
    const bool contains = call.path.size() == 3;
    const auto text = call.parameter("uris");
    if (!text || text->empty()) throw ApiError{400, "Missing required field: uris", {}};
    const auto uris = split(*text, ',');
    if (uris.size() > max_uris) throw ApiError{400, "Too many uris", {}};
    std::vector<Shelf> shelves;
    for (const auto& uri : uris) shelves.push_back(shelf_of(call, uri, !contains));
    if (contains) {
        Json out = Json::array();
        for (const auto& shelf : shelves) out.push_back(shelf.contains());
        return api_json(out);
    }
    for (const auto& shelf : shelves) shelf.set(call.request.method == Method::put);
    return http::Response::empty(call.world.options.harsh ? 204 : 200);
}

http::Response saved(Call& call, const std::vector<Saved>& list, const char* key) {
    call.need({"user-library-read"});
    const auto shapes = call.shapes();
    const auto at = [&](std::size_t i) -> Json {
        Json out{{"added_at", timestamp(list[i].added_at)}};
        out[key] =
            std::string_view(key) == "track" ? shapes.track(list[i].index) : shapes.album(list[i].index);
        return out;
    };
    return api_json(paging(call.address(), call.offset(), call.limit(20, 50), list.size(), at));
}

}  // namespace

std::optional<http::Response> library_api(Call& call) {
    const auto& path = call.path;
    if (path.empty() || path[0] != "me") return std::nullopt;
    const bool get = call.request.method == Method::get;
    if (path.size() == 1 && get) return api_json(call.shapes().user(call.user));
    if (path.size() < 2) return std::nullopt;
    if (path[1] == "tracks" && call.is(Method::get, 2)) return saved(call, call.user.tracks, "track");
    if (path[1] == "albums" && call.is(Method::get, 2)) return saved(call, call.user.albums, "album");
    if ((path[1] == "shows" || path[1] == "episodes" || path[1] == "audiobooks") && call.is(Method::get, 2)) {
        call.need({"user-library-read"});
        return api_json(
            paging(call.address(), call.offset(), call.limit(20, 50), 0, [](std::size_t) { return Json(); }));
    }
    if (path[1] == "following" && call.is(Method::get, 2)) return following(call);
    if (path[1] == "top" && call.is(Method::get, 3) && (path[2] == "artists" || path[2] == "tracks"))
        return top(call);
    if (path[1] == "library") {
        if (path.size() == 3 && path[2] == "contains" && get) return library(call);
        if (path.size() == 2 &&
            (call.request.method == Method::put || call.request.method == Method::delete_))
            return library(call);
        if (path.size() == 2) throw ApiError{405, "Method not allowed", {}};
    }
    return std::nullopt;
}

}  // namespace cadenza::emulator
