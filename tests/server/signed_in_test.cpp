// What a session is good for, and what is refused without one.

#include "tests/server/problem_of.hpp"

namespace cadenza::server {

TEST_CASE("every endpoint for accounts wants a session, and the right account") {
    Harness server;
    for (const auto* endpoint : endpoints) {
        if (endpoint->access != Access::account) continue;
        auto path = std::string(endpoint->path);
        if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, std::string(22, '0'));
        CAPTURE(path);
        CHECK(problem_of(server.call(endpoint->method, path)) == "signed_out");
    }
    server.sign_in();
    const auto before = server.upstream.size();
    for (const auto* endpoint : endpoints) {
        if (endpoint->access != Access::account) continue;
        auto path = std::string(endpoint->path);
        if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, std::string(22, '0'));
        CAPTURE(path);
        const http::Headers other{{"X-Cadenza-Account", "somebody-else"}};
        const auto answer = server.call(endpoint->method, path, other);
        CHECK(answer.status == 409);
        CHECK(problem_of(answer) == "account_changed");
    }
    CHECK(server.upstream.size() == before);
}

TEST_CASE("reads answer in the contract's shapes") {
    Harness server;
    server.sign_in();
    const auto check = [&]<class T>(const std::string& path, T) {
        CAPTURE(path);
        const auto answer = server.get(path);
        CHECK(answer.status == 200);
        CHECK(answer.headers.find("Cache-Control") == "no-store");
        auto decoded = decode<T>(answer.body, UnknownFields::refuse);
        CHECK(decoded);
        return decoded ? *decoded : T{};
    };
    const auto liked = check("/api/library/tracks?limit=2&offset=3", SavedTrackPage{});
    CHECK(liked.total == 120);
    CHECK(liked.offset == 3);
    const auto lists = check("/api/library/playlists", PlaylistPage{});
    const auto albums = check("/api/library/albums", SavedAlbumPage{});
    const auto artists = check("/api/library/artists", ArtistPage{});
    REQUIRE_FALSE(lists.items.empty());
    REQUIRE_FALSE(albums.items.empty());
    REQUIRE_FALSE(artists.items.empty());
    const auto list = lists.items[0].id.str();
    check("/api/playlists/" + list, Playlist{});
    check("/api/playlists/" + list + "/items?limit=50", PlaylistItemPage{});
    check("/api/albums/" + albums.items[0].album.id.str(), Album{});
    check("/api/albums/" + albums.items[0].album.id.str() + "/tracks", TrackPage{});
    check("/api/artists/" + artists.items[0].id.str(), Artist{});
    check("/api/artists/" + artists.items[0].id.str() + "/albums", AlbumPage{});
    check("/api/tracks/" + liked.items[0].track.id.str(), Track{});
    check("/api/search?q=harbour", SearchResults{});
    check("/api/recent", PlayedTrackPage{});
    check("/api/top/artists?range=short", ArtistPage{});
    check("/api/top/tracks", TrackPage{});
    check("/api/player", Playback{});
    check("/api/player/devices", Devices{});
    check("/api/player/queue", Queue{});
    CHECK(check("/api/library/contains?uris=" + liked.items[0].track.id.uri(), Contains{}).saved ==
          std::vector<bool>{true});
}

TEST_CASE("bad requests say where they are wrong") {
    Harness server;
    server.sign_in();
    const auto place = [&](const http::ClientResponse& answer) {
        const auto parsed = decode<Problem>(answer.body);
        REQUIRE(parsed);
        return parsed->errors && !parsed->errors->empty() ? parsed->errors->front().place : std::string();
    };
    CHECK(place(server.get("/api/library/tracks?limit=51")) == "query.limit");
    CHECK(place(server.get("/api/search?q=a&limit=11")) == "query.limit");
    CHECK(place(server.get("/api/library/tracks?colour=red")) == "query.colour");
    CHECK(place(server.get("/api/albums/short")) == "path.id");
    const auto body = server.post("/api/player/commands", "{\"seek\":{\"position_ms\":-1}}");
    CHECK(body.status == 400);
    CHECK(place(body) == "$.seek.position_ms");
    CHECK(problem_of(server.post("/api/edits", "not json")) == "invalid_body");
    CHECK(problem_of(server.get("/api/nothing")) == "not_found");
    const auto method = server.post("/api/session");
    CHECK(method.status == 405);
    CHECK(method.headers.find("Allow") == "GET, HEAD");
}

TEST_CASE("player commands become Spotify's") {
    Harness server;
    server.sign_in();
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.target.find("/me/player") == std::string::npos) return std::nullopt;
        return http::ClientResponse{202, {}, ""};
    };
    const std::vector<std::array<std::string, 4>> table{
        {R"({"pause":{}})", "PUT", "/v1/me/player/pause", ""},
        {R"({"resume":{"device_id":"d"}})", "PUT", "/v1/me/player/play?device_id=d", ""},
        {R"({"next":{}})", "POST", "/v1/me/player/next", ""},
        {R"({"previous":{}})", "POST", "/v1/me/player/previous", ""},
        {R"({"seek":{"position_ms":5}})", "PUT", "/v1/me/player/seek?position_ms=5", ""},
        {R"({"volume":{"percent":7}})", "PUT", "/v1/me/player/volume?volume_percent=7", ""},
        {R"({"shuffle":{"on":true}})", "PUT", "/v1/me/player/shuffle?state=true", ""},
        {R"({"repeat":{"mode":"track"}})", "PUT", "/v1/me/player/repeat?state=track", ""},
        {R"({"queue":{"uri":"spotify:track:0000000000000000000001"}})", "POST",
         "/v1/me/player/queue?uri=spotify%3Atrack%3A0000000000000000000001", ""},
        {R"({"transfer":{"device_id":"d","play":true}})", "PUT", "/v1/me/player",
         R"({"device_ids":["d"],"play":true})"},
        {R"({"play":{"context_uri":"spotify:album:0000000000000000000001","offset":{"position":2},"device_id":"d"}})",
         "PUT", "/v1/me/player/play?device_id=d",
         R"({"context_uri":"spotify:album:0000000000000000000001","offset":{"position":2}})"}};
    for (const auto& [body, method, target, sent] : table) {
        CAPTURE(body);
        CHECK(server.post("/api/player/commands", body).status == 204);
        CHECK(name(server.upstream.back().method) == method);
        CHECK(server.upstream.back().target == target);
        CHECK(server.upstream.back().body == sent);
    }
}

TEST_CASE("what plays can be controlled even when it cannot be read") {
    Harness server;
    server.sign_in();
    std::string state;
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.target.find("/me/player") == std::string::npos) return std::nullopt;
        return http::ClientResponse{200, {}, state};
    };
    state =
        R"({"device":{"id":"d","name":"Kitchen","type":"Speaker","is_active":true,"is_restricted":false},)"
        R"("shuffle_state":true,"repeat_state":"track","is_playing":true,"progress_ms":5,)"
        R"("item":{"kind":"of a new sort"}})";
    const auto playback = decode<Playback>(server.get("/api/player").body, UnknownFields::refuse);
    REQUIRE(playback);
    REQUIRE(playback->device);
    CHECK(playback->device->name == "Kitchen");
    CHECK_FALSE(playback->item);
    CHECK(playback->is_playing);
    CHECK(playback->shuffle);
    CHECK(playback->repeat == RepeatMode::track);

    state =
        R"({"device":{"id":"d","name":"Kitchen","type":"Speaker","is_active":true,"is_restricted":false},)"
        R"("is_playing":true,"item":{"name":"Song","duration_ms":5}})";
    const auto whole = decode<Playback>(server.get("/api/player").body);
    REQUIRE(whole);
    REQUIRE(whole->item);
    CHECK(whole->item->name == "Song");

    for (const auto* unreadable : {"<html>", R"({"device":"Kitchen"})", "[]"}) {
        CAPTURE(unreadable);
        state = unreadable;
        server.lines.clear();
        const auto answer = server.get("/api/player");
        CHECK(answer.status == 502);
        CHECK(problem_of(answer) == "upstream_unavailable");
        CHECK(server.logged("spotify_unreadable").size() == 1);
    }
}

TEST_CASE("a page of ours on another origin can read why it was refused, and nobody else") {
    Harness server("http://127.0.0.1:9999");
    const http::Headers ours{{"Origin", "http://127.0.0.1:9999"}, {"Sec-Fetch-Site", "same-site"}};
    for (const auto* path : {"/api/library/tracks", "/api/nothing", "/api/session"}) {
        const auto answer = server.get(path, ours);
        CHECK(answer.headers.find("Access-Control-Allow-Origin") == "http://127.0.0.1:9999");
        CHECK(answer.headers.find("Access-Control-Allow-Credentials") == "true");
    }
    const auto stranger =
        server.get("/api/session", {{"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "cross-site"}});
    CHECK(stranger.status == 403);
    CHECK_FALSE(stranger.headers.find("Access-Control-Allow-Origin"));
}

TEST_CASE("no secret reaches a log line or a problem") {
    Harness server;
    const auto login = server.get("/auth/login?return_to=/");
    const auto back = Harness::location(server.ask(Method::get, Harness::location(login)));
    (void)server.get(back.substr(server.config.own_origin.size()));
    const auto token = decode<PlayerToken>(server.post("/api/player/token").body);
    REQUIRE(token);
    (void)server.get("/api/search?q=privatewords");
    (void)server.get("/api/albums/0000000000000000000000");
    server.shift += 2 * 3'600'000;
    (void)server.get("/api/library/tracks");
    std::vector<std::string> secrets{token->access_token, "cadenza-demo-secret", server.jar.get("sid"),
                                     "privatewords"};
    const auto query = back.substr(back.find('?') + 1);
    for (const auto* field : {"code=", "state="}) {
        const auto begin = query.find(field) + std::string_view(field).size();
        secrets.push_back(query.substr(begin, query.find('&', begin) - begin));
    }
    for (const auto& request : server.upstream)
        if (request.body.find("refresh_token=") != std::string::npos)
            secrets.push_back(request.body.substr(request.body.find("refresh_token=") + 14));
    CHECK(secrets.size() == 7);
    REQUIRE(server.lines.size() > 5);
    for (const auto& line : server.lines)
        for (const auto& secret : secrets) CHECK(line.find(secret) == std::string::npos);
}

}  // namespace cadenza::server
