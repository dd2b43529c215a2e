#include "server/spotify/wire.hpp"

#include "shared/base/time.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace cadenza::server::wire {
namespace {

std::vector<cadenza::Image> images_of(MaybeList<cadenza::Image> images) {
    return images ? std::move(images->items) : std::vector<cadenza::Image>{};
}

Millis instant(const std::string& text) { return parse_instant(text).value_or(0); }

// Spotify escapes descriptions for HTML; ours are plain text.
std::string plain_text(std::string_view escaped) {
    constexpr std::array<std::pair<std::string_view, char>, 9> entities{{{"&amp;", '&'},
                                                                         {"&lt;", '<'},
                                                                         {"&gt;", '>'},
                                                                         {"&quot;", '"'},
                                                                         {"&#34;", '"'},
                                                                         {"&#39;", '\''},
                                                                         {"&#x27;", '\''},
                                                                         {"&#x2F;", '/'},
                                                                         {"&#x2f;", '/'}}};
    std::string out;
    for (;;) {
        const auto mark = std::min(escaped.find('&'), escaped.size());
        out += escaped.substr(0, mark);
        escaped.remove_prefix(mark);
        if (escaped.empty()) return out;
        const auto* entity = std::ranges::find_if(
            entities, [&](const auto& known) { return escaped.starts_with(known.first); });
        const bool is_known = entity != entities.end();
        out += is_known ? entity->second : '&';
        escaped.remove_prefix(is_known ? entity->first.size() : 1);
    }
}

std::optional<Uri> uri_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    auto parsed = Uri::parse(*text);
    if (!parsed || parsed->kind() == "local") return std::nullopt;
    return *parsed;
}

}  // namespace

Status validate(const Track& track) {
    if (track.type.value_or("track") != "track") return Error{Errc::invalid_value, "not a track"};
    return {};
}

Status validate(const PlaylistItem& item) {
    if (item.is_local.value_or(false) || (!item.item && !item.track))
        return Error{Errc::invalid_value, "no track of Spotify's"};
    return {};
}

cadenza::Artist to_contract(Artist artist) {
    return {std::move(artist.id), std::move(artist.name), images_of(std::move(artist.images)),
            std::move(artist.genres)};
}

cadenza::Album to_contract(Album album) {
    cadenza::Album out;
    out.id = std::move(album.id);
    out.name = std::move(album.name);
    out.artists = std::move(album.artists.items);
    out.images = images_of(std::move(album.images));
    if (album.album_type == "single") out.album_type = AlbumType::single;
    if (album.album_type == "compilation") out.album_type = AlbumType::compilation;
    out.release_date = album.release_date.value_or("");
    out.total_tracks = album.total_tracks.value_or(0);
    return out;
}

cadenza::Track to_contract(Track track) {
    cadenza::Track out;
    out.id = std::move(track.id);
    out.name = std::move(track.name);
    out.artists = std::move(track.artists.items);
    if (track.album)
        out.album = AlbumRef{std::move(track.album->id), std::move(track.album->name),
                             images_of(std::move(track.album->images))};
    out.duration_ms = track.duration_ms;
    out.explicit_ = track.explicit_.value_or(false);
    out.playable = track.is_playable.value_or(true);
    return out;
}

cadenza::SavedTrack to_contract(SavedTrack saved) {
    return {instant(saved.added_at), to_contract(std::move(saved.track))};
}

cadenza::SavedAlbum to_contract(SavedAlbum saved) {
    return {instant(saved.added_at), to_contract(std::move(saved.album))};
}

cadenza::PlayedTrack to_contract(PlayedTrack played) {
    return {instant(played.played_at), to_contract(std::move(played.track))};
}

cadenza::PlaylistItem to_contract(PlaylistItem item) {
    cadenza::PlaylistItem out;
    if (item.added_at) {
        if (const auto added = parse_instant(*item.added_at)) out.added_at = Millis(*added);
    }
    out.track = to_contract(std::move(item.item ? *item.item : *item.track));
    return out;
}

cadenza::Playlist to_contract(Playlist playlist, const std::string& user) {
    cadenza::Playlist out;
    out.id = std::move(playlist.id);
    out.name = std::move(playlist.name);
    out.description = plain_text(playlist.description.value_or(""));
    out.owner = playlist.owner.display_name.value_or(playlist.owner.id);
    out.images = images_of(std::move(playlist.images));
    const auto& total = playlist.items ? playlist.items : playlist.tracks;
    if (total) out.total = total->total.value_or(0);
    out.collaborative = playlist.collaborative.value_or(false);
    out.readable = out.collaborative || playlist.owner.id == user;
    out.snapshot_id = playlist.snapshot_id.value_or("");
    return out;
}

cadenza::Device to_contract(Device device) {
    return {std::move(device.id), std::move(device.name), std::move(device.type),
            device.is_active,     device.is_restricted,   device.supports_volume.value_or(true),
            device.volume_percent};
}

cadenza::PlayingItem to_contract(PlayingItem item) {
    cadenza::PlayingItem out;
    out.uri = uri_of(item.uri);
    out.name = std::move(item.name);
    if (item.artists) out.artists = std::move(item.artists->items);
    auto& collection = item.album ? item.album : item.show;
    if (collection) {
        out.collection = collection->name.value_or("");
        out.collection_uri = std::move(collection->uri);
        out.images = images_of(std::move(collection->images));
    }
    if (item.images && !item.images->items.empty()) out.images = std::move(item.images->items);
    out.duration_ms = item.duration_ms;
    out.explicit_ = item.explicit_.value_or(false);
    return out;
}

cadenza::Playback to_contract(PlayerState state, std::int64_t now) {
    cadenza::Playback out;
    if (state.device) out.device = to_contract(std::move(*state.device));
    if (state.context) out.context_uri = uri_of(state.context->uri);
    out.is_playing = state.is_playing;
    out.progress_ms = state.progress_ms.value_or(0);
    out.timestamp = now;
    out.shuffle = state.shuffle_state.value_or(false);
    if (state.repeat_state == "context") out.repeat = RepeatMode::context;
    if (state.repeat_state == "track") out.repeat = RepeatMode::track;
    if (!state.actions || !state.actions->disallows) return out;
    const auto& no = *state.actions->disallows;
    const std::array<std::pair<std::optional<bool>, const char*>, 8> names{
        {{no.pausing, "pause"},
         {no.resuming, "resume"},
         {no.seeking, "seek"},
         {no.skipping_next, "next"},
         {no.skipping_prev, "previous"},
         {no.toggling_shuffle, "shuffle"},
         {no.toggling_repeat_context, "repeat"},
         {no.transferring_playback, "transfer"}}};
    for (const auto& [disallowed, name] : names)
        if (disallowed.value_or(false)) out.disallows.emplace_back(name);
    return out;
}

cadenza::Queue to_contract(QueueAnswer queue) {
    cadenza::Queue out;
    if (queue.currently_playing) out.current = to_contract(std::move(*queue.currently_playing));
    // Spotify fills a short queue up by repeating it.
    std::unordered_set<std::string> seen;
    for (auto& item : queue.queue.items) {
        auto next = to_contract(std::move(item));
        const auto key = next.uri ? next.uri->str() : next.name;
        if (seen.insert(key).second) out.items.push_back(std::move(next));
    }
    return out;
}

}  // namespace cadenza::server::wire
