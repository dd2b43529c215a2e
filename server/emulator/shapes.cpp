#include "server/emulator/shapes.hpp"

#include "server/base/base64url.hpp"
#include "shared/base/time.hpp"

#include <array>

namespace cadenza::emulator {

std::string timestamp(std::int64_t instant) { return format_instant(instant); }

std::string snapshot_id(const Playlist& playlist) {
    return server::to_base64("snapshot," + std::to_string(playlist.edits) + "," + playlist.id);
}

Json Shapes::entity(const char* kind, const std::string& id, const std::string& name) const {
    const std::string path = std::string(kind) + "s/" + id;
    return {{"external_urls", {{"spotify", std::string("https://open.spotify.com/") + kind + "/" + id}}},
            {"href", world_.options.base + "/v1/" + path},
            {"id", id},
            {"name", name},
            {"type", kind},
            {"uri", std::string("spotify:") + kind + ":" + id}};
}

Json Shapes::images(const std::string& kind, const std::string& id) const {
    Json out = Json::array();
    for (const int size : {640, 300, 64})
        out.push_back({{"url", world_.options.base + "/covers/" + kind + "/" + id + "/" +
                                   std::to_string(size) + ".png"},
                       {"height", size},
                       {"width", size}});
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
    const auto address = world_.options.base + "/v1/albums/" + album.id + "/tracks";
    out["tracks"] = paging(address, 0, 50, album.tracks.size(),
                           [&](std::size_t i) { return simple_track(album.tracks[i]); });
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

Json Shapes::episode(const Entry& entry) const {
    auto out = entity("episode", world_.catalogue.tracks[entry.track].id, "An invented episode");
    out["audio_preview_url"] = nullptr;
    out["description"] = "Nobody talks about nothing.";
    out["html_description"] = "<p>Nobody talks about nothing.</p>";
    out["duration_ms"] = world_.catalogue.tracks[entry.track].duration_ms;
    out["explicit"] = false;
    out["images"] = images("album", out["id"].get<std::string>());
    out["is_externally_hosted"] = false;
    out["is_playable"] = true;
    out["languages"] = Json::array({"en"});
    out["release_date"] = "2026-01-01";
    out["release_date_precision"] = "day";
    return out;
}

Json Shapes::owner(const Playlist& playlist) const {
    const bool own = playlist.ownership == Ownership::own || playlist.ownership == Ownership::collaborative;
    const std::string id = own ? world_.users[playlist.owner].id : "somebody_else";
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
    out["images"] = playlist.entries.empty() ? Json::array() : images("playlist", playlist.id);
    out["owner"] = owner(playlist);
    out["primary_color"] = nullptr;
    out["public"] = playlist.is_public;
    out["snapshot_id"] = snapshot_id(playlist);
    out["items"] = {{"href", world_.options.base + "/v1/playlists/" + playlist.id + "/items"},
                    {"total", playlist.entries.size()}};
    return out;
}

Json Shapes::playlist_item(const Entry& entry, const Playlist& playlist) const {
    Json item;
    switch (entry.kind) {
        case EntryKind::null: item = nullptr; break;
        case EntryKind::episode: item = episode(entry); break;
        case EntryKind::track: item = track(entry.track); break;
        case EntryKind::local:
            item = simple_track(entry.track);
            item["id"] = nullptr;
            item["is_local"] = true;
            item["uri"] = "spotify:local:Somebody::A+file+of+mine:200";
            item["album"] = {{"name", ""}, {"images", Json::array()}, {"artists", Json::array()}};
            break;
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
            {"images", images("artist", user.id)},
            {"type", "user"},
            {"uri", "spotify:user:" + user.id}};
}

Json paging(const std::string& address, std::size_t offset, std::size_t limit, std::size_t total,
            const std::function<Json(std::size_t)>& at) {
    const auto link = [&](std::size_t from) -> Json {
        return address + "?offset=" + std::to_string(from) + "&limit=" + std::to_string(limit);
    };
    Json out{{"href", link(offset)},
             {"limit", limit},
             {"next", offset + limit < total ? link(offset + limit) : Json(nullptr)},
             {"offset", offset},
             {"previous", offset > 0 ? link(offset > limit ? offset - limit : 0) : Json(nullptr)},
             {"total", total},
             {"items", Json::array()}};
    for (auto i = offset; i < std::min(offset + limit, total); ++i) out["items"].push_back(at(i));
    return out;
}

}  // namespace cadenza::emulator
