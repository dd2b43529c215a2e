#pragma once

// The Web API's objects as an app of 2026 gets them: the fields that February 2026 took away are absent.
// Source: https://developer.spotify.com/documentation/web-api/tutorials/february-2026-migration-guide

#include "server/emulator/world.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace cadenza::emulator {

using Json = nlohmann::ordered_json;

class Shapes {
public:
    // `positions`: whether the app may know how far somebody came in what is spoken.
    explicit Shapes(const World& world, bool positions = false) : world_(world), positions_(positions) {}

    Json images(const std::string& kind, const std::string& id) const;
    Json artist(Index index) const;
    Json simple_artist(Index index) const;
    Json album(Index index) const;
    Json simple_album(Index index) const;
    Json track(Index index) const;
    Json simple_track(Index index) const;
    // A file of somebody's own, as it stands in a playlist.
    Json local_track(Index index) const;

    Json show(Index index) const;
    Json simple_show(Index index) const;
    Json episode(Index index) const;
    Json simple_episode(Index index) const;
    Json audiobook(Index index) const;
    Json simple_audiobook(Index index) const;
    Json chapter(Index index) const;
    Json simple_chapter(Index index) const;

    // What a player plays.
    Json item(const Item& item) const;
    // Without its items, but with their number.
    Json playlist(const Playlist& playlist) const;
    Json playlist_images(const Playlist& playlist) const;
    Json playlist_item(const Entry& entry, const Playlist& playlist) const;
    Json user(const User& user) const;
    Json owner(const Playlist& playlist) const;

private:
    Json entity(const char* kind, const std::string& id, const std::string& name) const;
    // The first page of what is below an object, as it comes inside it.
    Json inner_page(const std::string& below, const std::vector<Index>& list,
                    const std::function<Json(Index)>& at) const;
    Json described(Json entity, const std::string& description) const;

    const World& world_;
    bool positions_;
};

std::string snapshot_id(const Playlist& playlist);
// Whether this playlist ever had this snapshot id.
bool is_snapshot_of(const Playlist& playlist, const std::string& id);
// "2026-03-03T10:20:30Z"
std::string timestamp(std::int64_t instant);

// `at` gives the JSON of entry i, `link` the address of a page.
Json paging(const std::function<std::string(std::size_t offset, std::size_t limit)>& link, std::size_t offset,
            std::size_t limit, std::size_t total, const std::function<Json(std::size_t)>& at);

}  // namespace cadenza::emulator
