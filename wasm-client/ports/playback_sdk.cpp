#include "wasm-client/ports/playback_sdk.hpp"

#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

namespace cadenza::client {
namespace {

struct SdkArtist {
    std::string name;
    std::string uri;
};
BOOST_DESCRIBE_STRUCT(SdkArtist, (), (name, uri))

struct SdkAlbum {
    std::string name;
    std::optional<std::string> uri;
    json::Lenient<Image> images;
};
BOOST_DESCRIBE_STRUCT(SdkAlbum, (), (name, uri, images))

struct SdkTrack {
    std::optional<std::string> uri;
    std::string name;
    json::Lenient<SdkArtist> artists;
    std::optional<SdkAlbum> album;
    std::optional<Millis> duration_ms;
};
BOOST_DESCRIBE_STRUCT(SdkTrack, (), (uri, name, artists, album, duration_ms))

struct SdkWindow {
    std::optional<SdkTrack> current_track;
    json::Lenient<SdkTrack> next_tracks;
};
BOOST_DESCRIBE_STRUCT(SdkWindow, (), (current_track, next_tracks))

struct SdkContext {
    std::optional<std::string> uri;
};
BOOST_DESCRIBE_STRUCT(SdkContext, (), (uri))

struct SdkDisallows {
    std::optional<bool> pausing, resuming, seeking, skipping_next, skipping_prev;
};
BOOST_DESCRIBE_STRUCT(SdkDisallows, (), (pausing, resuming, seeking, skipping_next, skipping_prev))

struct SdkState {
    std::optional<SdkContext> context;
    std::optional<SdkDisallows> disallows;
    std::optional<Millis> duration;
    bool paused{};
    Millis position;
    std::int32_t repeat_mode{};
    bool shuffle{};
    SdkWindow track_window;
};
BOOST_DESCRIBE_STRUCT(SdkState, (),
                      (context, disallows, duration, paused, position, repeat_mode, shuffle, track_window))

std::optional<Uri> uri_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    auto uri = Uri::parse(*text);
    return uri ? std::optional<Uri>(std::move(*uri)) : std::nullopt;
}

PlayingItem item_of(SdkTrack track, std::optional<Millis> duration) {
    PlayingItem out;
    out.uri = uri_of(track.uri);
    out.name = std::move(track.name);
    for (auto& artist : track.artists.items) {
        const auto id = ArtistId::parse(artist.uri.substr(artist.uri.rfind(':') + 1));
        if (id) out.artists.push_back({*id, std::move(artist.name)});
    }
    if (track.album) {
        out.collection = std::move(track.album->name);
        out.collection_uri = uri_of(track.album->uri);
        out.images = std::move(track.album->images.items);
    }
    out.duration_ms = duration ? *duration : track.duration_ms.value_or(0);
    return out;
}

}  // namespace

std::optional<SdkPlayback> read_sdk_state(std::string_view json, std::int64_t now) {
    auto state = decode<SdkState>(json);
    if (!state) return std::nullopt;
    SdkPlayback out;
    auto& playback = out.playback;
    if (state->track_window.current_track)
        playback.item = item_of(std::move(*state->track_window.current_track), state->duration);
    if (!state->track_window.next_tracks.items.empty())
        out.next = item_of(std::move(state->track_window.next_tracks.items.front()), std::nullopt);
    if (state->context) playback.context_uri = uri_of(state->context->uri);
    playback.is_playing = !state->paused;
    playback.progress_ms = state->position;
    playback.timestamp = now;
    playback.shuffle = state->shuffle;
    playback.repeat = state->repeat_mode == 2   ? RepeatMode::track
                      : state->repeat_mode == 1 ? RepeatMode::context
                                                : RepeatMode::off;
    if (state->disallows) {
        const auto& no = *state->disallows;
        if (no.seeking.value_or(false)) playback.disallows.emplace_back("seek");
        if (no.skipping_next.value_or(false)) playback.disallows.emplace_back("next");
        if (no.skipping_prev.value_or(false)) playback.disallows.emplace_back("previous");
    }
    return out;
}

}  // namespace cadenza::client
