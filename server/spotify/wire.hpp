#pragma once

// Spotify's own shapes, as far as we read them, and what they become in our contract. Entries of lists that
// cannot be read (null, local files, withdrawn ones) are dropped and counted. Source:
// https://developer.spotify.com/documentation/web-api/reference, in the shape of February 2026 with the older
// twins of renamed fields.

#include "shared/api/session.hpp"
#include "shared/base/json.hpp"
#include "shared/model/playback.hpp"
#include "shared/model/search.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cadenza::server::wire {

template <class T>
using List = json::Lenient<T>;
template <class T>
using MaybeList = std::optional<json::Lenient<T>>;  // null now and then

struct Me {
    std::string id;
    std::optional<std::string> display_name;
    MaybeList<cadenza::Image> images;
};
BOOST_DESCRIBE_STRUCT(Me, (), (id, display_name, images))

struct Artist {
    ArtistId id;
    std::string name;
    MaybeList<cadenza::Image> images;
    std::vector<std::string> genres;
};
BOOST_DESCRIBE_STRUCT(Artist, (), (id, name, images, genres))

struct Album {
    AlbumId id;
    std::string name;
    List<ArtistRef> artists;
    MaybeList<cadenza::Image> images;
    std::optional<std::string> album_type;
    std::optional<std::string> release_date;
    std::optional<Count> total_tracks;
};
BOOST_DESCRIBE_STRUCT(Album, (), (id, name, artists, images, album_type, release_date, total_tracks))

struct Track {
    TrackId id;
    std::string name;
    List<ArtistRef> artists;
    std::optional<Album> album;
    Millis duration_ms;
    std::optional<bool> explicit_;
    std::optional<bool> is_playable;
    std::optional<std::string> type;
};
BOOST_DESCRIBE_STRUCT(Track, (), (id, name, artists, album, duration_ms, explicit_, is_playable, type))
// Episodes in a playlist look almost like tracks.
Status validate(const Track& track);

struct SavedTrack {
    std::string added_at;
    Track track;
};
BOOST_DESCRIBE_STRUCT(SavedTrack, (), (added_at, track))

struct SavedAlbum {
    std::string added_at;
    Album album;
};
BOOST_DESCRIBE_STRUCT(SavedAlbum, (), (added_at, album))

struct PlayedTrack {
    std::string played_at;
    Track track;
};
BOOST_DESCRIBE_STRUCT(PlayedTrack, (), (played_at, track))

struct PlaylistItem {
    std::optional<std::string> added_at;
    std::optional<bool> is_local;
    std::optional<Track> item;
    std::optional<Track> track;  // its older name
};
BOOST_DESCRIBE_STRUCT(PlaylistItem, (), (added_at, is_local, item, track))
Status validate(const PlaylistItem& item);

struct Owner {
    std::string id;
    std::optional<std::string> display_name;
};
BOOST_DESCRIBE_STRUCT(Owner, (), (id, display_name))

struct Total {
    std::optional<Count> total;
};
BOOST_DESCRIBE_STRUCT(Total, (), (total))

struct Playlist {
    PlaylistId id;
    std::string name;
    std::optional<std::string> description;
    Owner owner;
    MaybeList<cadenza::Image> images;
    std::optional<Total> items;
    std::optional<Total> tracks;  // its older name
    std::optional<bool> collaborative;
    std::optional<std::string> snapshot_id;
};
BOOST_DESCRIBE_STRUCT(Playlist, (),
                      (id, name, description, owner, images, items, tracks, collaborative, snapshot_id))

template <class T>
struct Paging {
    List<T> items;
    std::optional<Count> offset;
    std::optional<Count> total;
};
#define CADENZA_PAGING(name, T) \
    using name = Paging<T>;     \
    BOOST_DESCRIBE_STRUCT(name, (), (items, offset, total))
CADENZA_PAGING(TrackPaging, Track)
CADENZA_PAGING(SavedTrackPaging, SavedTrack)
CADENZA_PAGING(PlayedTrackPaging, PlayedTrack)
CADENZA_PAGING(AlbumPaging, Album)
CADENZA_PAGING(SavedAlbumPaging, SavedAlbum)
CADENZA_PAGING(ArtistPaging, Artist)
CADENZA_PAGING(PlaylistPaging, Playlist)
CADENZA_PAGING(PlaylistItemPaging, PlaylistItem)
#undef CADENZA_PAGING

struct FollowedArtists {
    ArtistPaging artists;
};
BOOST_DESCRIBE_STRUCT(FollowedArtists, (), (artists))

struct SearchAnswer {
    std::optional<TrackPaging> tracks;
    std::optional<AlbumPaging> albums;
    std::optional<ArtistPaging> artists;
    std::optional<PlaylistPaging> playlists;
};
BOOST_DESCRIBE_STRUCT(SearchAnswer, (), (tracks, albums, artists, playlists))

struct Collection {  // the album of a track, the show of an episode
    std::optional<std::string> name;
    std::optional<Uri> uri;
    MaybeList<cadenza::Image> images;
};
BOOST_DESCRIBE_STRUCT(Collection, (), (name, uri, images))

struct PlayingItem {
    std::optional<std::string> uri;
    std::string name;
    std::optional<bool> is_local;
    MaybeList<ArtistRef> artists;
    std::optional<Collection> album;
    std::optional<Collection> show;
    MaybeList<cadenza::Image> images;
    Millis duration_ms;
    std::optional<bool> explicit_;
};
BOOST_DESCRIBE_STRUCT(PlayingItem, (),
                      (uri, name, is_local, artists, album, show, images, duration_ms, explicit_))

struct Device {
    std::optional<std::string> id;
    std::string name;
    std::string type;
    bool is_active{};
    bool is_restricted{};
    std::optional<bool> supports_volume;
    std::optional<Percent> volume_percent;
};
BOOST_DESCRIBE_STRUCT(Device, (), (id, name, type, is_active, is_restricted, supports_volume, volume_percent))

struct DeviceList {
    List<Device> devices;
};
BOOST_DESCRIBE_STRUCT(DeviceList, (), (devices))

struct Context {
    std::optional<std::string> uri;
};
BOOST_DESCRIBE_STRUCT(Context, (), (uri))

struct Disallows {
    std::optional<bool> pausing, resuming, seeking, skipping_next, skipping_prev, toggling_repeat_context,
        toggling_repeat_track, toggling_shuffle, transferring_playback;
};
BOOST_DESCRIBE_STRUCT(Disallows, (),
                      (pausing, resuming, seeking, skipping_next, skipping_prev, toggling_repeat_context,
                       toggling_repeat_track, toggling_shuffle, transferring_playback))

struct Actions {
    std::optional<Disallows> disallows;
};
BOOST_DESCRIBE_STRUCT(Actions, (), (disallows))

struct PlayerState {
    std::optional<Device> device;
    std::optional<std::string> repeat_state;
    std::optional<bool> shuffle_state;
    std::optional<Context> context;
    std::optional<Millis> timestamp;
    std::optional<Millis> progress_ms;
    bool is_playing{};
    std::optional<Actions> actions;
};
BOOST_DESCRIBE_STRUCT(PlayerState, (),
                      (device, repeat_state, shuffle_state, context, timestamp, progress_ms, is_playing,
                       actions))
// The rest of the same document.
struct NowPlaying {
    std::optional<PlayingItem> item;
};
BOOST_DESCRIBE_STRUCT(NowPlaying, (), (item))

struct QueueAnswer {
    std::optional<PlayingItem> currently_playing;
    List<PlayingItem> queue;
};
BOOST_DESCRIBE_STRUCT(QueueAnswer, (), (currently_playing, queue))

// ------------------------------------------------------------------ to the contract

cadenza::Artist to_contract(Artist artist);
cadenza::Album to_contract(Album album);
cadenza::Track to_contract(Track track);
cadenza::SavedTrack to_contract(SavedTrack saved);
cadenza::SavedAlbum to_contract(SavedAlbum saved);
cadenza::PlayedTrack to_contract(PlayedTrack played);
cadenza::PlaylistItem to_contract(PlaylistItem item);
// `user` is the Spotify id of whoever asks: contents are readable in own and collaborative playlists only.
cadenza::Playlist to_contract(Playlist playlist, const std::string& user);
cadenza::Device to_contract(Device device);
cadenza::PlayingItem to_contract(PlayingItem item);
// Without the item. Spotify's `timestamp` is when something changed, not when progress was read: `now` is.
cadenza::Playback to_contract(PlayerState state, std::int64_t now);
cadenza::Queue to_contract(QueueAnswer queue);

template <class T, class... More>
auto to_page(Paging<T> paging, const More&... more) {
    Page<decltype(to_contract(std::declval<T>(), more...))> out;
    for (auto& item : paging.items.items) out.items.push_back(to_contract(std::move(item), more...));
    out.offset = paging.offset.value_or(0);
    out.dropped = paging.items.dropped;
    out.total = paging.total.value_or(out.offset + static_cast<std::int32_t>(out.items.size()) + out.dropped);
    return out;
}

}  // namespace cadenza::server::wire
