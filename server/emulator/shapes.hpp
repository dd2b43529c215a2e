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
    explicit Shapes(const World& world) : world_(world) {}

    Json images(const std::string& kind, const std::string& id) const;
    Json artist(Index index) const;
    Json simple_artist(Index index) const;
    Json album(Index index) const;
    Json simple_album(Index index) const;
    Json track(Index index) const;
    Json simple_track(Index index) const;
    Json episode(const Entry& entry) const;
    // Without its items, but with their number.
    Json playlist(const Playlist& playlist) const;
    Json playlist_item(const Entry& entry, const Playlist& playlist) const;
    Json user(const User& user) const;
    Json owner(const Playlist& playlist) const;

private:
    Json entity(const char* kind, const std::string& id, const std::string& name) const;
    const World& world_;
};

std::string snapshot_id(const Playlist& playlist);
// "2026-03-03T10:20:30Z"
std::string timestamp(std::int64_t instant);

// `at` gives the JSON of entry i; `address` is the list's own, without query.
Json paging(const std::string& address, std::size_t offset, std::size_t limit, std::size_t total,
            const std::function<Json(std::size_t)>& at);

}  // namespace cadenza::emulator
