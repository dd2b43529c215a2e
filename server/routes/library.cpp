#include "server/routes/routes.hpp"
#include "server/spotify/wire.hpp"

namespace cadenza::server {
namespace {

// "/me/tracks" → "/me/tracks?limit=50&offset=100"
template <class Query>
std::string paged(std::string path, const Query& query, int most) {
    path += path.find('?') == path.npos ? '?' : '&';
    path += "limit=" + std::to_string(query.limit ? query.limit->get() : most);
    path += "&offset=" + std::to_string(query.offset ? query.offset->get() : 0);
    return path;
}

std::string uris_of(const std::vector<Uri>& uris) {
    std::string out;
    for (const auto& uri : uris) out += (out.empty() ? "" : ",") + percent_encode(uri.str());
    return out;
}

const char* range_of(const TopQuery& query) {
    switch (query.range.value_or(TopRange::medium)) {
        case TopRange::short_: return "short_term";
        case TopRange::medium: return "medium_term";
        case TopRange::long_: return "long_term";
    }
    return "medium_term";
}

template <class Paging, class C, class... More>
auto page_of(C& call, std::string target, const More&... more)
    -> asio::awaitable<http::Outcome<decltype(wire::to_page(std::declval<Paging>(), more...))>> {
    auto paging = co_await call.template get<Paging>(std::move(target));
    if (!paging) co_return paging.error();
    co_return wire::to_page(std::move(*paging), more...);
}

}  // namespace

void add_library_routes(Routes& routes) {
    routes.on(endpoint::library_playlists, [](auto& call) -> asio::awaitable<http::Outcome<PlaylistPage>> {
        const auto user = call.session->session.account().spotify_id;
        co_return co_await page_of<wire::PlaylistPaging>(call, paged("/me/playlists", call.query, 50), user);
    });
    routes.on(endpoint::library_tracks, [](auto& call) {
        return page_of<wire::SavedTrackPaging>(call, paged("/me/tracks", call.query, 50));
    });
    routes.on(endpoint::library_albums, [](auto& call) {
        return page_of<wire::SavedAlbumPaging>(call, paged("/me/albums", call.query, 50));
    });
    routes.on(endpoint::library_artists, [](auto& call) -> asio::awaitable<http::Outcome<ArtistPage>> {
        std::string target = "/me/following?type=artist&limit=" +
                             std::to_string(call.query.limit ? call.query.limit->get() : 50);
        if (call.query.after) target += "&after=" + call.query.after->str();
        auto followed = co_await call.template get<wire::FollowedArtists>(std::move(target));
        if (!followed) co_return followed.error();
        co_return wire::to_page(std::move(followed->artists));
    });
    routes.on(endpoint::library_contains, [](auto& call) -> asio::awaitable<http::Outcome<Contains>> {
        auto saved = co_await call.template get<std::vector<bool>>("/me/library/contains?uris=" +
                                                                   uris_of(call.query.uris));
        if (!saved) co_return saved.error();
        if (saved->size() != call.query.uris.size())
            co_return http::Failure{
                ProblemCode::upstream_unavailable, "Spotify answered something unknown.", {}, {}};
        co_return Contains{std::move(*saved)};
    });
    routes.on(endpoint::playlist, [](auto& call) -> asio::awaitable<http::Outcome<Playlist>> {
        auto playlist = co_await call.template get<wire::Playlist>("/playlists/" + call.path.id.str());
        if (!playlist) co_return playlist.error();
        co_return to_contract(std::move(*playlist), call.session->session.account().spotify_id);
    });
    routes.on(endpoint::playlist_items, [](auto& call) {
        return page_of<wire::PlaylistItemPaging>(
            call, paged("/playlists/" + call.path.id.str() + "/items", call.query, 50));
    });
    routes.on(endpoint::recent, [](auto& call) {
        return page_of<wire::PlayedTrackPaging>(call, "/me/player/recently-played?limit=50");
    });
    routes.on(endpoint::top_artists, [](auto& call) {
        return page_of<wire::ArtistPaging>(
            call, paged(std::string("/me/top/artists?time_range=") + range_of(call.query), call.query, 50));
    });
    routes.on(endpoint::top_tracks, [](auto& call) {
        return page_of<wire::TrackPaging>(
            call, paged(std::string("/me/top/tracks?time_range=") + range_of(call.query), call.query, 50));
    });
}

void add_catalogue_routes(Routes& routes) {
    routes.on(endpoint::album, [](auto& call) -> asio::awaitable<http::Outcome<Album>> {
        auto album = co_await call.template get<wire::Album>("/albums/" + call.path.id.str());
        if (!album) co_return album.error();
        co_return to_contract(std::move(*album));
    });
    routes.on(endpoint::album_tracks, [](auto& call) {
        return page_of<wire::TrackPaging>(call,
                                          paged("/albums/" + call.path.id.str() + "/tracks", call.query, 50));
    });
    routes.on(endpoint::artist, [](auto& call) -> asio::awaitable<http::Outcome<Artist>> {
        auto artist = co_await call.template get<wire::Artist>("/artists/" + call.path.id.str());
        if (!artist) co_return artist.error();
        co_return to_contract(std::move(*artist));
    });
    routes.on(endpoint::artist_albums, [](auto& call) {
        return page_of<wire::AlbumPaging>(
            call,
            paged("/artists/" + call.path.id.str() + "/albums?include_groups=album,single", call.query, 10));
    });
    routes.on(endpoint::track, [](auto& call) -> asio::awaitable<http::Outcome<Track>> {
        auto track = co_await call.template get<wire::Track>("/tracks/" + call.path.id.str());
        if (!track) co_return track.error();
        co_return to_contract(std::move(*track));
    });
    routes.on(endpoint::search, [](auto& call) -> asio::awaitable<http::Outcome<SearchResults>> {
        std::string types;
        for (const auto& type : call.query.types)
            types += (types.empty() ? "" : ",") + std::string(json::type_of<SearchType>.get_text(&type));
        if (types.empty()) types = "track,album,artist,playlist";
        auto found = co_await call.template get<wire::SearchAnswer>(
            paged("/search?q=" + percent_encode(call.query.q.str()) + "&type=" + types, call.query, 10));
        if (!found) co_return found.error();
        SearchResults out;
        if (found->tracks) out.tracks = wire::to_page(std::move(*found->tracks));
        if (found->albums) out.albums = wire::to_page(std::move(*found->albums));
        if (found->artists) out.artists = wire::to_page(std::move(*found->artists));
        if (found->playlists)
            out.playlists =
                wire::to_page(std::move(*found->playlists), call.session->session.account().spotify_id);
        co_return out;
    });
}

}  // namespace cadenza::server
