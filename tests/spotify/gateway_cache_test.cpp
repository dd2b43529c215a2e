// What costs a request to Spotify, and what an earlier answer serves.

#include "tests/spotify/people.hpp"

namespace cadenza::server {
namespace {

const std::string some_album = "/api/albums/0000000000000000000001";

std::string first_playlist(Harness& server) {
    const auto page = decode<PlaylistPage>(server.get("/api/library/playlists?limit=50").body);
    REQUIRE(page);
    for (const auto& playlist : page->items)
        if (playlist.readable) return playlist.id.str();
    FAIL("no playlist of one's own");
    return {};
}

std::string edit(const std::string& id, const char* kind, const std::string& uri) {
    return "{\"id\":\"" + id + "\",\"change\":{\"" + kind + "\":{\"uri\":\"" + uri + "\"}}}";
}

// An album that does not depend on the emulator's catalogue.
std::optional<http::ClientResponse> answer_album(const http::ClientRequest& request) {
    if (request.target.find("/albums/") == std::string::npos) return std::nullopt;
    return http::ClientResponse{
        200, {}, R"({"id":"0000000000000000000001","name":"Album","artists":[],"images":[]})"};
}

// Two people want the same album, Bert while Anna's request is under way.
struct TwoReaders : Harness {
    Jar anna = sign_in_as(*this, "anna");
    std::string annas_token = "Bearer " + decode<PlayerToken>(post("/api/player/token").body)->access_token;
    Jar bert = sign_in_as(*this, "bert");
    bool holding{true};
    std::shared_ptr<std::optional<http::ClientResponse>> annas, berts;

    TwoReaders() {
        intercept = answer_album;
        hold = [this](const auto& request) {
            return holding && request.headers.find("Authorization") == annas_token;
        };
    }
    void ask_both() {
        upstream.clear();
        annas = begin_as(anna);
        run_until([&] { return count(*this, "/albums/") == 1; });
        berts = begin_as(bert);
        run_until([&] { return app->gateway_stats().cache_misses == 2; });
    }
    std::shared_ptr<std::optional<http::ClientResponse>> begin_as(const Jar& who) {
        jar = who;
        return begin(Method::get, some_album, get_fields());
    }
    void release() {
        holding = false;
        run_until([&] { return annas->has_value() && berts->has_value(); });
    }
};

}  // namespace

TEST_CASE("an answer that is kept costs no request, for its time") {
    Harness server;
    server.sign_in();
    server.intercept = answer_album;
    const std::vector<std::pair<std::string, std::int64_t>> table{
        {"/api/library/tracks", 60'000}, {"/api/library/albums", 60'000}, {"/api/recent", 15'000},
        {"/api/top/tracks", 3'600'000},  {"/api/search?q=a", 120'000},    {some_album, 6 * 3'600'000},
    };
    for (const auto& [target, time] : table) {
        CAPTURE(target);
        const auto first = server.get(target);
        CHECK(first.status == 200);
        server.upstream.clear();
        CHECK(server.get(target).body == first.body);
        server.shift += time - 5'000;
        CHECK(server.get(target).status == 200);
        CHECK(count(server, "/v1") == 0);
        server.shift += 5'001;
        CHECK(server.get(target).status == 200);
        CHECK(count(server, "/v1") == 1);
    }
    const auto stats = server.app->gateway_stats();
    CHECK(stats.cache_hits == 2 * table.size());
    CHECK(stats.cache_misses == 2 * table.size());
    CHECK(stats.cache_bytes > 0);
}

TEST_CASE("the player is asked every time") {
    Harness server;
    server.sign_in();
    server.upstream.clear();
    for (const auto* target : {"/api/player", "/api/player/devices", "/api/player/queue"})
        for (int i = 0; i < 2; ++i) CHECK(server.get(target).status == 200);
    CHECK(server.upstream.size() == 6);
}

TEST_CASE("the catalogue is everybody's, a library its owner's") {
    Harness server;
    server.intercept = answer_album;
    sign_in_as(server, "anna");
    CHECK(server.get(some_album).status == 200);
    CHECK(server.get("/api/library/tracks").status == 200);
    sign_in_as(server, "bert");
    server.upstream.clear();
    CHECK(server.get(some_album).status == 200);
    CHECK(server.upstream.empty());
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(count(server, "/me/tracks") == 1);
    // But nobody's without a sign-in.
    server.jar = {};
    CHECK(server.get(some_album).status == 401);
}

TEST_CASE("the catalogue is asked once for all who want the same at the same time") {
    TwoReaders server;
    server.ask_both();
    CHECK_FALSE(server.berts->has_value());
    server.release();
    CHECK((*server.annas)->status == 200);
    CHECK((*server.berts)->body == (*server.annas)->body);
    CHECK(count(server, "/albums/") == 1);
    CHECK(server.app->gateway_stats().coalesced == 1);
}

TEST_CASE("who shares a request that fails asks alone, and gets an answer") {
    TwoReaders server;
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.headers.find("Authorization") == server.annas_token)
            return http::ClientResponse{403, {}, ""};
        return answer_album(request);
    };
    server.ask_both();
    CHECK(count(server, "/albums/") == 1);
    server.release();
    CHECK((*server.annas)->status == 403);
    CHECK((*server.berts)->status == 200);
    CHECK(count(server, "/albums/") == 2);
    CHECK(server.app->gateway_stats().coalesced == 0);
}

TEST_CASE("who shares a request that takes long asks alone") {
    TwoReaders server;
    server.ask_both();
    server.run_until([&] { return server.berts->has_value(); });
    CHECK((*server.berts)->status == 200);
    CHECK_FALSE(server.annas->has_value());
    CHECK(count(server, "/albums/") == 2);
    server.release();
    CHECK((*server.annas)->status == 200);
}

TEST_CASE("a like makes the account's library old, and no other answer") {
    Harness server;
    server.intercept = answer_album;
    sign_in_as(server, "anna");
    const auto anna = server.jar;
    const auto top = decode<TrackPage>(server.get("/api/top/tracks").body);
    REQUIRE(top);
    const auto uri = "spotify:track:" + top->items[0].id.str();
    const auto contains = "/api/library/contains?uris=" + uri;
    sign_in_as(server, "bert");
    CHECK(server.get("/api/library/albums").status == 200);
    const auto bert = server.jar;
    server.jar = anna;
    const auto saved = [&] { return bool(decode<Contains>(server.get(contains).body)->saved[0]); };
    for (int i = 0; i < 3; ++i) {
        const bool like = i != 1;
        CHECK(server.post("/api/edits", edit("edit-000" + std::to_string(i), like ? "like" : "unlike", uri))
                  .status == 204);
        CHECK(saved() == like);
    }
    server.upstream.clear();
    CHECK(server.get("/api/top/tracks").status == 200);
    server.jar = bert;
    CHECK(server.get("/api/library/albums").status == 200);
    CHECK(server.upstream.empty());
}

TEST_CASE("a playlist's items are good as long as its snapshot is the same") {
    Harness server;
    server.sign_in();
    const auto id = first_playlist(server);
    const auto playlist = "/api/playlists/" + id;
    CHECK(server.get(playlist).status == 200);
    const auto items = server.get(playlist + "/items");
    CHECK(items.status == 200);
    server.shift += 3 * 3'600'000;
    CHECK(server.get(playlist).status == 200);  // one request says that nothing changed
    server.upstream.clear();
    CHECK(server.get(playlist + "/items").body == items.body);
    CHECK(server.upstream.empty());

    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!request.target.ends_with("/playlists/" + id)) return std::nullopt;
        return http::ClientResponse{
            200, {}, "{\"id\":\"" + id + R"(","name":"x","owner":{"id":"y"},"snapshot_id":"another"})"};
    };
    server.shift += 31'000;
    CHECK(server.get(playlist).status == 200);
    server.upstream.clear();
    CHECK(server.get(playlist + "/items").status == 200);
    CHECK(count(server, "/items") == 1);
}

TEST_CASE("disconnecting forgets what is kept of an account, also what is under way") {
    Harness server;
    server.sign_in();
    CHECK(server.get("/api/library/tracks").status == 200);
    const auto bytes = server.app->gateway_stats().cache_bytes;
    CHECK(bytes > 1'000);
    bool holding = true;
    server.hold = [&](const auto& request) {
        return holding && request.target.find("/me/albums") != std::string::npos;
    };
    const auto albums = server.begin(Method::get, "/api/library/albums", server.get_fields());
    server.run_until([&] { return count(server, "/me/albums") == 1; });
    CHECK(server.post("/auth/disconnect").status == 204);
    CHECK(server.app->gateway_stats().cache_bytes == 0);
    holding = false;
    server.run_until([&] { return albums->has_value(); });
    CHECK(server.app->gateway_stats().cache_bytes == 0);
}

TEST_CASE("signing in anew begins with what Spotify says now") {
    Harness server;
    sign_in_as(server, "anna");
    CHECK(server.get("/api/library/tracks").status == 200);
    sign_in_as(server, "anna");
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(count(server, "/me/tracks") == 1);
}

TEST_CASE("with other replicas and no Redis only what their writes cannot change is kept") {
    Harness server;
    server.intercept = answer_album;
    server.config.replicas = 2;
    server.restart();
    server.sign_in();
    server.upstream.clear();
    for (int i = 0; i < 2; ++i) CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(count(server, "/me/tracks") == 2);
    for (int i = 0; i < 2; ++i) CHECK(server.get(some_album).status == 200);
    CHECK(count(server, "/albums/") == 1);
}

TEST_CASE("a read that begins after a write never joins one that began before it") {
    Harness server;
    server.sign_in();
    server.upstream.clear();
    // The first read of the player only: the second has another entry in the list by then.
    server.hold = [&](const auto& request) {
        return request.target.find("/me/player?") != std::string::npos && count(server, "/me/player?") == 1;
    };
    const auto older = server.begin(Method::get, "/api/player", server.get_fields());
    server.run_until([&] { return count(server, "/me/player?") == 1; });
    CHECK(server.post("/api/player/commands", R"({"shuffle":{"on":true}})").status != 502);
    CHECK_FALSE(older->has_value());
    const auto newer = server.get("/api/player");
    CHECK(newer.status == 200);
    CHECK(count(server, "/me/player?") == 2);
    server.run_until([&] { return older->has_value(); });
    CHECK((*older)->status == 200);
}

TEST_CASE("whoever joins a read waits as long as their own request may take") {
    Harness server;
    server.sign_in();
    server.upstream.clear();
    bool holding = true;
    server.hold = [&](const auto&) { return holding; };
    server.config.limits.handler = std::chrono::milliseconds(500);
    const auto hasty = server.begin(Method::get, "/api/top/artists", server.get_fields());
    server.run_until([&] { return count(server, "/me/top/artists") == 1; });
    server.config.limits.handler = std::chrono::seconds(30);
    const auto patient = server.begin(Method::get, "/api/top/artists", server.get_fields());
    server.run_until([&] { return hasty->has_value(); });
    CHECK((*hasty)->status == 504);
    CHECK_FALSE(patient->has_value());
    holding = false;
    server.run_until([&] { return patient->has_value(); });
    CHECK((*patient)->status == 200);
    CHECK(count(server, "/me/top/artists") == 1);
    CHECK(server.app->gateway_stats().coalesced == 1);
}

}  // namespace cadenza::server
