#pragma once

// The whole HTTP contract, one row an endpoint. The server's router, the client's requests, the OpenAPI
// document and the gate's tests read this table. Sign-in (/auth/login and the callback) is navigation, not
// API, and so not in it.

#include "shared/api/doctor.hpp"
#include "shared/api/edit.hpp"
#include "shared/api/endpoint.hpp"
#include "shared/api/player_command.hpp"
#include "shared/api/quota.hpp"
#include "shared/api/session.hpp"
#include "shared/base/bounded_list.hpp"
#include "shared/base/bounded_text.hpp"
#include "shared/model/search.hpp"

#include <array>

namespace cadenza {

template <class Id>
struct IdPath {
    Id id;
    bool operator==(const IdPath&) const = default;
};
using TrackPath = IdPath<TrackId>;
using AlbumPath = IdPath<AlbumId>;
using ArtistPath = IdPath<ArtistId>;
using PlaylistPath = IdPath<PlaylistId>;
BOOST_DESCRIBE_STRUCT(TrackPath, (), (id))
BOOST_DESCRIBE_STRUCT(AlbumPath, (), (id))
BOOST_DESCRIBE_STRUCT(ArtistPath, (), (id))
BOOST_DESCRIBE_STRUCT(PlaylistPath, (), (id))

struct SessionPath {
    BoundedText<1, 64> id;
    bool operator==(const SessionPath&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionPath, (), (id))

// Which part of a list. Spotify's own limits: 50 a page, 10 where it serves no more.
template <int most>
struct PageRange {
    std::optional<Bounded<std::int32_t, 0, 100'000>> offset;  // 0 when absent
    std::optional<Bounded<std::int32_t, 1, most>> limit;      // the most when absent
    bool operator==(const PageRange&) const = default;
};
using PageQuery = PageRange<50>;
using ShortPageQuery = PageRange<10>;
BOOST_DESCRIBE_STRUCT(PageQuery, (), (offset, limit))
BOOST_DESCRIBE_STRUCT(ShortPageQuery, (), (offset, limit))

// Followed artists come in order of the last one's id, not by number.
struct AfterQuery {
    std::optional<ArtistId> after;
    std::optional<Bounded<std::int32_t, 1, 50>> limit;
    bool operator==(const AfterQuery&) const = default;
};
BOOST_DESCRIBE_STRUCT(AfterQuery, (), (after, limit))

struct UrisQuery {
    BoundedList<Uri, 1, 40> uris;
    bool operator==(const UrisQuery&) const = default;
};
BOOST_DESCRIBE_STRUCT(UrisQuery, (), (uris))

enum class SearchType { track, album, artist, playlist };
BOOST_DESCRIBE_ENUM(SearchType, track, album, artist, playlist)

struct SearchQuery {
    BoundedText<1, 200> q;
    std::vector<SearchType> types;  // all of them when absent
    std::optional<Bounded<std::int32_t, 0, 1'000>> offset;
    std::optional<Bounded<std::int32_t, 1, 10>> limit;
    bool operator==(const SearchQuery&) const = default;
};
BOOST_DESCRIBE_STRUCT(SearchQuery, (), (q, types, offset, limit))

// short is about 4 weeks, medium 6 months, long a year.
enum class TopRange { short_, medium, long_ };
BOOST_DESCRIBE_ENUM(TopRange, short_, medium, long_)

struct TopQuery {
    std::optional<TopRange> range;  // medium when absent
    std::optional<Bounded<std::int32_t, 0, 100'000>> offset;
    std::optional<Bounded<std::int32_t, 1, 50>> limit;
    bool operator==(const TopQuery&) const = default;
};
BOOST_DESCRIBE_STRUCT(TopQuery, (), (range, offset, limit))

namespace endpoint {

inline constexpr Endpoint<None, None, None, ClientConfig> config{
    Method::get, "/api/config", Access::open, "What a client must know before anyone signed in"};
inline constexpr Endpoint<None, None, None, SessionInfo> session{Method::get, "/api/session", Access::open,
                                                                 "Who is signed in"};
inline constexpr Endpoint<None, None, None, None> logout{Method::post, "/auth/logout", Access::open,
                                                         "Ends this session"};
inline constexpr Endpoint<None, None, None, None> disconnect{
    Method::post, "/auth/disconnect", Access::account,
    "Ends every session of this user and deletes what is stored about them"};

inline constexpr Endpoint<None, None, None, SessionList> sessions{
    Method::get, "/api/sessions", Access::account, "Where this user is signed in"};
inline constexpr Endpoint<None, None, None, None> revoke_other_sessions{
    Method::delete_, "/api/sessions", Access::account, "Ends all sessions of this user but this one"};
inline constexpr Endpoint<SessionPath, None, None, None> revoke_session{
    Method::delete_, "/api/sessions/{id}", Access::account, "Ends one session of this user"};

inline constexpr Endpoint<None, None, None, PlayerToken> player_token{
    Method::post, "/api/player/token", Access::account, "An access token for the Web Playback SDK"};
inline constexpr Endpoint<None, None, None, Playback> player{Method::get, "/api/player", Access::account,
                                                             "What is playing, and where"};
inline constexpr Endpoint<None, None, None, Devices> devices{Method::get, "/api/player/devices",
                                                             Access::account, "Devices that can play"};
inline constexpr Endpoint<None, None, None, Queue> queue{Method::get, "/api/player/queue", Access::account,
                                                         "What plays next"};
inline constexpr Endpoint<None, None, PlayerCommand, None> player_command{
    Method::post, "/api/player/commands", Access::account, "One command to the player"};

inline constexpr Endpoint<None, PageQuery, None, PlaylistPage> library_playlists{
    Method::get, "/api/library/playlists", Access::account, "Own and followed playlists"};
inline constexpr Endpoint<None, PageQuery, None, SavedTrackPage> library_tracks{
    Method::get, "/api/library/tracks", Access::account, "Liked songs, newest first"};
inline constexpr Endpoint<None, PageQuery, None, SavedAlbumPage> library_albums{
    Method::get, "/api/library/albums", Access::account, "Saved albums, newest first"};
inline constexpr Endpoint<None, AfterQuery, None, ArtistPage> library_artists{
    Method::get, "/api/library/artists", Access::account, "Followed artists"};
inline constexpr Endpoint<None, UrisQuery, None, Contains> library_contains{
    Method::get, "/api/library/contains", Access::account, "Which of these are in the library"};

inline constexpr Endpoint<PlaylistPath, None, None, Playlist> playlist{
    Method::get, "/api/playlists/{id}", Access::account, "A playlist, without its tracks"};
inline constexpr Endpoint<PlaylistPath, PageQuery, None, PlaylistItemPage> playlist_items{
    Method::get, "/api/playlists/{id}/items", Access::account,
    "A playlist's tracks; problem `restricted` when it is neither own nor collaborative"};
inline constexpr Endpoint<AlbumPath, None, None, Album> album{
    Method::get, "/api/albums/{id}", Access::account, "An album, without its tracks"};
inline constexpr Endpoint<AlbumPath, PageQuery, None, TrackPage> album_tracks{
    Method::get, "/api/albums/{id}/tracks", Access::account, "An album's tracks"};
inline constexpr Endpoint<ArtistPath, None, None, Artist> artist{Method::get, "/api/artists/{id}",
                                                                 Access::account, "An artist"};
inline constexpr Endpoint<ArtistPath, ShortPageQuery, None, AlbumPage> artist_albums{
    Method::get, "/api/artists/{id}/albums", Access::account, "An artist's albums and singles"};
inline constexpr Endpoint<TrackPath, None, None, Track> track{Method::get, "/api/tracks/{id}",
                                                              Access::account, "A track"};

inline constexpr Endpoint<None, SearchQuery, None, SearchResults> search{
    Method::get, "/api/search", Access::account, "Search Spotify's catalogue"};
inline constexpr Endpoint<None, None, None, PlayedTrackPage> recent{
    Method::get, "/api/recent", Access::account, "The last 50 tracks played, newest first"};
inline constexpr Endpoint<None, TopQuery, None, ArtistPage> top_artists{
    Method::get, "/api/top/artists", Access::account, "The user's top artists"};
inline constexpr Endpoint<None, TopQuery, None, TrackPage> top_tracks{
    Method::get, "/api/top/tracks", Access::account, "The user's top tracks"};

inline constexpr Endpoint<None, None, Edit, None> edits{Method::post, "/api/edits", Access::account,
                                                        "One edit, applied once however often it is sent"};
inline constexpr Endpoint<None, None, None, Quota> quota{
    Method::get, "/api/quota", Access::account,
    "Requests to Spotify of the last 24 hours, and how many may be"};

inline constexpr Endpoint<None, None, None, DoctorReport> doctor{
    Method::get, "/api/doctor", Access::open, "Whether this server is set up so that people can sign in"};

}  // namespace endpoint

inline constexpr std::array endpoints{
    &endpoint::config.info,
    &endpoint::session.info,
    &endpoint::logout.info,
    &endpoint::disconnect.info,
    &endpoint::sessions.info,
    &endpoint::revoke_session.info,
    &endpoint::revoke_other_sessions.info,
    &endpoint::player_token.info,
    &endpoint::player.info,
    &endpoint::devices.info,
    &endpoint::queue.info,
    &endpoint::player_command.info,
    &endpoint::library_playlists.info,
    &endpoint::library_tracks.info,
    &endpoint::library_albums.info,
    &endpoint::library_artists.info,
    &endpoint::library_contains.info,
    &endpoint::playlist.info,
    &endpoint::playlist_items.info,
    &endpoint::album.info,
    &endpoint::album_tracks.info,
    &endpoint::artist.info,
    &endpoint::artist_albums.info,
    &endpoint::track.info,
    &endpoint::search.info,
    &endpoint::recent.info,
    &endpoint::top_artists.info,
    &endpoint::top_tracks.info,
    &endpoint::edits.info,
    &endpoint::quota.info,
    &endpoint::doctor.info,
};

}  // namespace cadenza
