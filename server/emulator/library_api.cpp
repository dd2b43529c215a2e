// /me, what it has saved, follows and likes best, and /me/library.
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
    return call.page(total, at);
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
    const auto link = [&](const std::string& from) {
        return call.address({{"limit", std::to_string(limit)}, {"after", from}});
    };
    return api_json({{"artists",
                      {{"href", link(call.parameter("after").value_or(""))},
                       {"items", std::move(items)},
                       {"limit", limit},
                       {"next", after.is_null() ? Json(nullptr) : Json(link(after.get<std::string>()))},
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
Shelf plain_shelf(List& list, const Value& value) {
    return {[&list, value] { return std::find(list.begin(), list.end(), value) != list.end(); },
            [&list, value](bool saved) {
                std::erase(list, value);
                if (saved) list.insert(list.begin(), value);
            }};
}

Shelf user_shelf(std::set<std::string>& list, const std::string& id) {
    return {[&list, id] { return list.count(id) > 0; },
            [&list, id](bool followed) {
                if (followed)
                    list.insert(id);
                else
                    list.erase(id);
            }};
}

// What a kind of URI needs, and where it is kept.
struct Kind {
    const char* name;
    const char* read;
    const char* write;
    ById Catalogue::* by_id;              // nullptr: not of the catalogue
    std::vector<Saved> User::* saved_in;  // nullptr: kept in another way
};

constexpr Kind kinds[] = {
    {"track", "user-library-read", "user-library-modify", &Catalogue::track_by_id, &User::tracks},
    {"album", "user-library-read", "user-library-modify", &Catalogue::album_by_id, &User::albums},
    {"show", "user-library-read", "user-library-modify", &Catalogue::show_by_id, &User::shows},
    {"episode", "user-library-read", "user-library-modify", &Catalogue::episode_by_id, &User::episodes},
    {"audiobook", "user-library-read", "user-library-modify", &Catalogue::audiobook_by_id, &User::audiobooks},
    {"artist", "user-follow-read", "user-follow-modify", &Catalogue::artist_by_id, nullptr},
    {"user", "user-follow-read", "user-follow-modify", nullptr, nullptr},
    {"playlist", "playlist-read-private", "playlist-modify-public", nullptr, nullptr},
};

Shelf shelf_of(Call& call, const std::string& uri, bool writing) {
    const auto parts = split(uri, ':');
    if (parts.size() != 3 || parts[0] != "spotify") throw ApiError{400, "Invalid uri: " + uri, {}};
    const auto* kind = std::find_if(std::begin(kinds), std::end(kinds),
                                    [&](const Kind& one) { return parts[1] == one.name; });
    if (kind == std::end(kinds)) throw ApiError{400, "Unsupported uri type: " + parts[1], {}};
    call.need({writing ? kind->write : kind->read});
    if (!kind->by_id) {
        if (parts[1] == "user") return user_shelf(call.user.users, parts[2]);
        const auto* playlist = call.world.find_playlist(parts[2]);
        const bool known = playlist && (playlist->is_public || call.owns(*playlist));
        if (!known && writing) throw ApiError{404, "Resource not found", {}};
        return plain_shelf(call.user.playlists, parts[2]);
    }
    const auto& by_id = call.world.catalogue.*kind->by_id;
    const auto found = by_id.find(parts[2]);
    if (found == by_id.end()) throw ApiError{400, "Invalid base62 id", {}};
    if (kind->saved_in) return saved_shelf(call, call.user.*kind->saved_in, found->second);
    return plain_shelf(call.user.artists, found->second);
}

http::Response library(Call& call) {
    const bool contains = call.path.size() == 3;
    const auto text = call.parameter("uris");
    if (!text || text->empty()) throw ApiError{400, "Missing required field: uris", {}};
    const auto uris = split(*text, ',');
    if (uris.size() > max_uris) throw ApiError{400, "Too many uris", {}};
    std::vector<Shelf> shelves;
    shelves.reserve(uris.size());
    for (const auto& uri : uris) shelves.push_back(shelf_of(call, uri, !contains));
    if (contains) {
        Json out = Json::array();
        for (const auto& shelf : shelves) out.push_back(shelf.contains());
        return api_json(out);
    }
    for (const auto& shelf : shelves) shelf.set(call.request.method == Method::put);
    return http::Response::empty(call.world.options.harsh ? 204 : 200);
}

// GET /me/<lists of saved things>
struct SavedList {
    const char* path;
    const char* key;
    std::vector<Saved> User::* list;
    Json (Shapes::*shape)(Index) const;
};

constexpr SavedList saved_lists[] = {
    {"tracks", "track", &User::tracks, &Shapes::track},
    {"albums", "album", &User::albums, &Shapes::album},
    {"shows", "show", &User::shows, &Shapes::simple_show},
    {"episodes", "episode", &User::episodes, &Shapes::episode},
    {"audiobooks", "audiobook", &User::audiobooks, &Shapes::audiobook},
};

std::optional<http::Response> saved(Call& call) {
    const auto* found = std::find_if(std::begin(saved_lists), std::end(saved_lists),
                                     [&](const SavedList& one) { return call.path[1] == one.path; });
    if (found == std::end(saved_lists)) return std::nullopt;
    call.need({"user-library-read"});
    const auto shapes = call.shapes();
    const auto& list = call.user.*found->list;
    return call.page(list.size(), [&](std::size_t i) -> Json {
        return {{"added_at", timestamp(list[i].added_at)},
                {found->key, (shapes.*found->shape)(list[i].index)}};
    });
}

std::optional<http::Response> library_at(Call& call) {
    const auto method = call.request.method;
    if (call.path.size() == 3)
        return call.path[2] == "contains" && method == Method::get ? std::optional(library(call))
                                                                   : std::nullopt;
    if (method == Method::put || method == Method::delete_) return library(call);
    throw ApiError{405, "Method not allowed", {}};
}

}  // namespace

std::optional<http::Response> library_api(Call& call) {
    const auto& path = call.path;
    if (path.empty() || path[0] != "me") return std::nullopt;
    if (call.is(Method::get, 1)) return api_json(call.shapes().user(call.user));
    if (path.size() < 2 || path.size() > 3) return std::nullopt;
    if (path[1] == "library") return library_at(call);
    if (call.is(Method::get, 2)) return path[1] == "following" ? following(call) : saved(call);
    if (call.is(Method::get, 3) && path[1] == "top" && (path[2] == "artists" || path[2] == "tracks"))
        return top(call);
    return std::nullopt;
}

}  // namespace cadenza::emulator
