// What several processes keep of an account's answers, and what another's write does to it.

#include "tests/spotify/replicas.hpp"

namespace cadenza::server {
namespace {

const std::string like =
    R"({"id":"edit-0001","change":{"like":{"uri":"spotify:track:0000000000000000000001"}}})";

// Answered with 404 by Spotify, as no device plays.
constexpr const char* shuffle = R"({"shuffle":{"on":true}})";

// How many requests to Spotify reading it costs.
long cost(Harness& server, const std::string& target) {
    server.upstream.clear();
    CHECK(server.get(target).status == 200);
    return count(server, "/v1");
}

// Writes nothing, and is what Spotify says to a write of the library.
std::optional<http::ClientResponse> take_likes(const http::ClientRequest& request) {
    if (request.target.find("/me/library?") == std::string::npos) return std::nullopt;
    return http::ClientResponse{200, {}, ""};
}

struct Signed : Replicas {
    Signed() {
        server.intercept = take_likes;
        server.sign_in();
    }
};

}  // namespace

TEST_CASE("each of several processes serves what it keeps of an account") {
    Signed both;
    auto& server = both.server;
    for (const auto* target : {"/api/library/tracks", "/api/top/tracks", "/api/recent", "/api/search?q=a"}) {
        CAPTURE(target);
        for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, target) == 1);
        for (int i = 0; i < 4; ++i, both.turn()) CHECK(cost(server, target) == 0);
    }
}

TEST_CASE("a write at one process makes the other ask again, for what it changed") {
    Signed both;
    auto& server = both.server;
    for (int i = 0; i < 2; ++i, both.turn()) {
        CHECK(cost(server, "/api/library/tracks") == 1);
        CHECK(cost(server, "/api/top/tracks") == 1);
    }
    CHECK(server.post("/api/edits", like).status == 204);
    both.turn();
    CHECK(cost(server, "/api/library/tracks") == 1);
    CHECK(cost(server, "/api/library/tracks") == 0);
    CHECK(cost(server, "/api/top/tracks") == 0);
    server.upstream.clear();
    both.redis.before = [](const redis::Command& command) {
        CHECK(command.key.find("epoch") == command.key.npos);  // a command must not wait for Redis
    };
    CHECK(server.post("/api/player/commands", shuffle).status == 404);
    CHECK(count(server, "/me/player/shuffle?") == 1);
    both.redis.before = nullptr;
    both.turn();
    CHECK(cost(server, "/api/library/tracks") == 1);  // its own write
    CHECK(cost(server, "/api/top/tracks") == 0);
}

TEST_CASE("an answer asked for while another process writes is not kept") {
    Signed both;
    auto& server = both.server;
    bool holding = true;
    server.hold = [&](const auto& request) {
        return holding && request.target.find("/me/library?") != std::string::npos;
    };
    const auto headers = server.post_fields({{"Content-Type", "application/json"}});
    const auto write = server.begin(Method::post, "/api/edits", headers, like);
    server.run_until([&] { return count(server, "/me/library?") == 1; });
    both.turn();
    CHECK(cost(server, "/api/library/tracks") == 1);
    CHECK(cost(server, "/api/library/tracks") == 0);  // nobody was told yet that it is written
    holding = false;
    server.run_until([&] { return write->has_value(); });
    CHECK((*write)->status == 204);
    CHECK(cost(server, "/api/library/tracks") == 1);
}

TEST_CASE("a read never joins one that began before another process's write") {
    struct Case {
        const char* target;
        const char* upstream;
        const char* write;
        const char* body;
        const char* written;
        int status;
    };
    const std::vector<Case> table{
        {"/api/library/tracks", "/me/tracks", "/api/edits", like.c_str(), "/me/library?", 204}};
    for (const auto& [target, upstream, write, body, written, status] : table) {
        CAPTURE(target);
        Signed both;
        auto& server = both.server;
        server.upstream.clear();
        server.hold = [&, part = std::string(upstream)](const auto& request) {
            return request.target.find(part) != std::string::npos && count(server, part) == 1;
        };
        const auto older = server.begin(Method::get, target, server.get_fields());
        server.run_until([&] { return count(server, upstream) == 1; });
        both.turn();
        CHECK(server.post(write, body).status == status);
        CHECK(count(server, written) == 1);
        both.turn();
        CHECK_FALSE(older->has_value());
        CHECK(server.get(target).status == 200);
        CHECK(count(server, upstream) == 2);
        server.run_until([&] { return older->has_value(); });
        CHECK((*older)->status == 200);
    }
}

TEST_CASE("while Redis is out nothing of an account is served from what is kept, nor shared, nor kept") {
    Signed both;
    auto& server = both.server;
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, "/api/library/tracks") == 1);
    both.redis.out = true;
    for (int i = 0; i < 2; ++i) CHECK(cost(server, "/api/library/tracks") == 1);
    std::vector<http::ClientRequest> requests(3, {.origin = server.config.own_origin,
                                                  .target = "/api/library/tracks",
                                                  .headers = server.get_fields()});
    server.upstream.clear();
    CHECK(server.at_once(requests) == std::vector<int>(3, 200));
    CHECK(count(server, "/me/tracks") == 3);
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.target.find("/albums/") == std::string::npos) return take_likes(request);
        return http::ClientResponse{
            200, {}, R"({"id":"0000000000000000000001","name":"Album","artists":[],"images":[]})"};
    };
    const std::string album = "/api/albums/0000000000000000000001";
    CHECK(cost(server, album) == 1);
    CHECK(cost(server, album) == 0);
    // A write that could not be told goes through, and is told once Redis is back.
    CHECK(server.post("/api/edits", like).status == 204);
    both.redis.out = false;
    both.turn();
    server.run_until([&] { return both.redis.send({"KEYS", "*:epoch:*"})->items.empty(); });
    CHECK(cost(server, "/api/library/tracks") == 1);
    CHECK(cost(server, "/api/library/tracks") == 0);
}

TEST_CASE("an epoch that Redis lost makes every process ask again") {
    Signed both;
    auto& server = both.server;
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, "/api/library/tracks") == 1);
    REQUIRE(both.redis.send({"FLUSHALL"}));
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, "/api/library/tracks") == 1);
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, "/api/library/tracks") == 0);
}

TEST_CASE("a playlist's items are kept by its snapshot at each process") {
    Signed both;
    auto& server = both.server;
    const auto page = decode<PlaylistPage>(server.get("/api/library/playlists?limit=50").body);
    REQUIRE(page);
    const auto own = std::find_if(page->items.begin(), page->items.end(),
                                  [](const auto& playlist) { return playlist.readable; });
    REQUIRE(own != page->items.end());
    const auto playlist = "/api/playlists/" + own->id.str();
    for (int i = 0; i < 2; ++i, both.turn()) {
        CHECK(cost(server, playlist) == 1);
        CHECK(cost(server, playlist + "/items") == 1);
    }
    server.shift += 3 * 3'600'000;
    for (int i = 0; i < 2; ++i, both.turn()) {
        CHECK(cost(server, playlist) == 1);
        CHECK(cost(server, playlist + "/items") == 0);
    }
}

TEST_CASE("who signs in anew, or disconnects, is shown nothing that any process kept") {
    Signed both;
    auto& server = both.server;
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(cost(server, "/api/top/tracks") == 1);
    server.sign_in();
    both.turn();
    CHECK(cost(server, "/api/top/tracks") == 1);
    both.turn();
    // Of the account, and nobody else: also a sign-in's question who it is has none.
    const auto epochs = [&] { return both.redis.send({"KEYS", "cadenza:spotify:*:epoch:*"})->items.size(); };
    CHECK(epochs() == 1);
    CHECK(server.post("/auth/disconnect").status == 204);
    CHECK(epochs() == 0);
}

TEST_CASE("one process alone asks Redis for no epochs") {
    Replicas both;
    auto& server = both.server;
    server.config.replicas = 1;
    server.restart();
    server.intercept = take_likes;
    server.sign_in();
    CHECK(cost(server, "/api/library/tracks") == 1);
    both.redis.before = [](const redis::Command& command) {
        if (command.key.find("epoch") != command.key.npos)
            FAIL("a command of Redis: " + command.words[0] + " " + command.key);
    };
    CHECK(cost(server, "/api/library/tracks") == 0);
    CHECK(server.post("/api/player/commands", shuffle).status == 404);
    CHECK(server.post("/api/edits", like).status == 204);
    CHECK(cost(server, "/api/library/tracks") == 1);
    both.redis.before = nullptr;
    CHECK(both.redis.send({"KEYS", "*:epoch:*"})->items.empty());
}

}  // namespace cadenza::server
