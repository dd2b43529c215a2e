#include "server/emulator/shapes.hpp"

#include "server/base/base64url.hpp"
#include "server/emulator/values.hpp"
#include "shared/base/time.hpp"

#include <algorithm>

namespace cadenza::emulator {

std::string timestamp(std::int64_t instant) { return format_instant(instant); }

std::string snapshot_id(const Playlist& playlist) {
    return server::to_base64("snapshot," + std::to_string(playlist.edits) + "," + playlist.id);
}

bool is_snapshot_of(const Playlist& playlist, const std::string& id) {
    const auto parts = split(server::from_base64(id).value_or(""), ',');
    if (parts.size() != 3 || parts[0] != "snapshot" || parts[2] != playlist.id) return false;
    const auto edits = to_number(parts[1]);
    return edits && *edits >= 0 && *edits <= playlist.edits;
}

Json Shapes::entity(const char* kind, const std::string& id, const std::string& name) const {
    const std::string path = std::string(kind) + "s/" + id;
    std::string page = "https://open.spotify.com/";
    page.append(kind).append("/").append(id);
    return {{"external_urls", {{"spotify", std::move(page)}}},
            {"href", world_.options.base + "/v1/" + path},
            {"id", id},
            {"name", name},
            {"type", kind},
            {"uri", std::string("spotify:") + kind + ":" + id}};
}

Json Shapes::images(const std::string& kind, const std::string& id) const {
    Json out = Json::array();
    const auto folder = world_.options.base + "/covers/" + kind + "/" + id + "/";
    for (const int size : {640, 300, 64}) {
        auto url = folder;
        url.append(std::to_string(size)).append(".png");
        out.push_back({{"url", std::move(url)}, {"height", size}, {"width", size}});
    }
    return out;
}

Json Shapes::simple_artist(Index index) const {
    const auto& artist = world_.catalogue.artists[index];
    return entity("artist", artist.id, artist.name);
}

Json Shapes::artist(Index index) const {
    const auto& artist = world_.catalogue.artists[index];
    auto out = simple_artist(index);
    out["genres"] = artist.genres;
    out["images"] = images("artist", artist.id);
    return out;
}

Json Shapes::simple_album(Index index) const {
    const auto& album = world_.catalogue.albums[index];
    auto out = entity("album", album.id, album.name);
    out["album_type"] = album.type;
    out["total_tracks"] = album.tracks.size();
    out["images"] = images("album", album.id);
    out["release_date"] = album.release_date;
    out["release_date_precision"] = album.release_date.size() == 4   ? "year"
                                    : album.release_date.size() == 7 ? "month"
                                                                     : "day";
    out["artists"] = Json::array();
    for (const auto artist : album.artists) out["artists"].push_back(simple_artist(artist));
    return out;
}

Json Shapes::album(Index index) const {
    const auto& album = world_.catalogue.albums[index];
    auto out = simple_album(index);
    out["tracks"] = inner_page("albums/" + album.id + "/tracks", album.tracks,
                               [&](Index track) { return simple_track(track); });
    out["copyrights"] = Json::array({{{"text", "℗ An invented label"}, {"type", "P"}}});
    out["external_ids"] = {{"upc", "0" + std::to_string(100'000'000'000 + index)}};
    out["genres"] = Json::array();
    return out;
}

Json Shapes::simple_track(Index index) const {
    const auto& track = world_.catalogue.tracks[index];
    auto out = entity("track", track.id, track.name);
    out["artists"] = Json::array();
    for (const auto artist : track.artists) out["artists"].push_back(simple_artist(artist));
    out["disc_number"] = 1;
    out["duration_ms"] = track.duration_ms;
    out["explicit"] = track.is_explicit;
    out["is_local"] = false;
    out["is_playable"] = track.playable;
    if (!track.playable) out["restrictions"] = {{"reason", "market"}};
    out["preview_url"] = nullptr;
    out["track_number"] = track.number;
    return out;
}

Json Shapes::track(Index index) const {
    auto out = simple_track(index);
    out["album"] = simple_album(world_.catalogue.tracks[index].album);
    out["external_ids"] = {{"isrc", "ZZCDZ" + std::to_string(2'600'000 + index)}};
    return out;
}

// As Spotify does: what belongs to no catalogue has no id, no address and an empty album.
Json Shapes::local_track(Index index) const {
    const auto& track = world_.catalogue.tracks[index];
    const Json nothing = Json::object();
    const auto seconds = std::to_string(track.duration_ms / 1000);
    return {{"album",
             {{"album_type", nullptr},
              {"artists", Json::array()},
              {"external_urls", nothing},
              {"href", nullptr},
              {"id", nullptr},
              {"images", Json::array()},
              {"name", "Attic tapes"},
              {"release_date", nullptr},
              {"release_date_precision", nullptr},
              {"type", "album"},
              {"uri", nullptr}}},
            {"artists", Json::array({{{"external_urls", nothing},
                                      {"href", nullptr},
                                      {"id", nullptr},
                                      {"name", "Somebody at home"},
                                      {"type", "artist"},
                                      {"uri", nullptr}}})},
            {"disc_number", 0},
            {"duration_ms", track.duration_ms},
            {"explicit", false},
            {"external_ids", nothing},
            {"external_urls", nothing},
            {"href", nullptr},
            {"id", nullptr},
            {"is_local", true},
            {"name", "A file of mine"},
            {"preview_url", nullptr},
            {"track_number", 0},
            {"type", "track"},
            {"uri", "spotify:local:Somebody+at+home:Attic+tapes:A+file+of+mine:" + seconds}};
}

Json Shapes::item(const Item& item) const { return item.episode ? episode(item.index) : track(item.index); }

Json Shapes::owner(const Playlist& playlist) const {
    const auto& id = playlist.owner_id;
    return {{"display_name", playlist.owner_name},
            {"external_urls", {{"spotify", "https://open.spotify.com/user/" + id}}},
            {"href", world_.options.base + "/v1/users/" + id},
            {"id", id},
            {"type", "user"},
            {"uri", "spotify:user:" + id}};
}

Json Shapes::playlist(const Playlist& playlist) const {
    auto out = entity("playlist", playlist.id, playlist.name);
    out["collaborative"] = playlist.ownership == Ownership::collaborative;
    out["description"] = playlist.description;
    out["images"] = playlist_images(playlist);
    out["owner"] = owner(playlist);
    out["primary_color"] = nullptr;
    out["public"] = playlist.is_public;
    out["snapshot_id"] = snapshot_id(playlist);
    out["items"] = {{"href", world_.options.base + "/v1/playlists/" + playlist.id + "/items"},
                    {"total", playlist.entries.size()}};
    return out;
}

Json Shapes::playlist_images(const Playlist& playlist) const {
    if (!playlist.picture.empty()) {
        const auto file = std::to_string(seed_of(playlist.picture)) + ".jpg";
        return Json::array({{{"url", world_.options.base + "/covers/playlist/" + playlist.id + "/" + file},
                             {"height", nullptr},
                             {"width", nullptr}}});
    }
    return playlist.entries.empty() ? Json::array() : images("playlist", playlist.id);
}

Json Shapes::playlist_item(const Entry& entry, const Playlist& playlist) const {
    Json item;
    switch (entry.kind) {
        case EntryKind::null: item = nullptr; break;
        case EntryKind::episode: item = episode(entry.index); break;
        case EntryKind::track: item = track(entry.index); break;
        case EntryKind::local: item = local_track(entry.index); break;
    }
    return {{"added_at", timestamp(entry.added_at)},
            {"added_by", owner(playlist)},
            {"is_local", entry.kind == EntryKind::local},
            {"item", std::move(item)},
            {"primary_color", nullptr}};
}

Json Shapes::user(const User& user) const {
    return {{"account_id", "acc_" + user.id},
            {"display_name", user.name},
            {"external_urls", {{"spotify", "https://open.spotify.com/user/" + user.id}}},
            {"href", world_.options.base + "/v1/users/" + user.id},
            {"id", user.id},
            {"images", images("user", user.id)},
            {"type", "user"},
            {"uri", "spotify:user:" + user.id}};
}

Json Shapes::inner_page(const std::string& below, const std::vector<Index>& list,
                        const std::function<Json(Index)>& at) const {
    const auto link = [&](std::size_t offset, std::size_t limit) {
        return world_.options.base + "/v1/" + below + "?offset=" + std::to_string(offset) +
               "&limit=" + std::to_string(limit);
    };
    return paging(link, 0, 50, list.size(), [&](std::size_t i) { return at(list[i]); });
}

Json paging(const std::function<std::string(std::size_t offset, std::size_t limit)>& link, std::size_t offset,
            std::size_t limit, std::size_t total, const std::function<Json(std::size_t)>& at) {
    Json out{{"href", link(offset, limit)},
             {"limit", limit},
             {"next", offset + limit < total ? Json(link(offset + limit, limit)) : Json(nullptr)},
             {"offset", offset},
             {"previous", offset > 0 ? Json(link(offset - std::min(offset, limit), limit)) : Json(nullptr)},
             {"total", total},
             {"items", Json::array()}};
    for (auto i = offset; i < std::min(offset + limit, total); ++i) out["items"].push_back(at(i));
    return out;
}

}  // namespace cadenza::emulator
