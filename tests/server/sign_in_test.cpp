// The way into a session and out of it.

#include "tests/server/problem_of.hpp"

namespace cadenza::server {

TEST_CASE("sign-in makes a session, and sign-out ends it") {
    Harness server;
    CHECK(server.get("/api/session").body == "{\"authenticated\":false}");
    const auto back = server.authorize("/settings");
    CHECK(server.jar.set_cookies.back().find("SameSite=Lax") != std::string::npos);
    const auto done = server.get(back.substr(server.config.own_origin.size()));
    CHECK(Harness::location(done) == server.config.own_origin + "/settings");
    CHECK_FALSE(server.jar.get("sid").empty());
    CHECK(server.jar.header().find("login-") == std::string::npos);
    const auto session = decode<SessionInfo>(server.get("/api/session").body);
    REQUIRE(session);
    CHECK(session->authenticated);

    const auto sid = server.jar.get("sid");
    CHECK(server.post("/auth/logout").status == 204);
    CHECK(server.jar.get("sid").empty());
    server.jar.set("sid", sid);
    CHECK(server.get("/api/session").body == "{\"authenticated\":false}");
}

TEST_CASE("the grant ends 181 days after sign-in, however often it is refreshed") {
    constexpr std::int64_t day = 24LL * 3'600'000;
    Harness server;
    // A clock that stands still.
    const auto now = server.clock();
    server.clock = [&] { return now + server.shift; };
    server.sign_in();
    const auto reauthorize_at = [&] {
        const auto session = decode<SessionInfo>(server.get("/api/session").body);
        REQUIRE(session);
        REQUIRE(session->reauthorize_at);
        return std::int64_t(*session->reauthorize_at);
    };
    CHECK(reauthorize_at() == now + 181 * day);
    for (int week = 1; week <= 3; ++week) {
        server.shift = week * 7 * day;
        server.upstream.clear();
        CHECK(server.get("/api/library/tracks").status == 200);
        CHECK(std::any_of(server.upstream.begin(), server.upstream.end(),
                          [](const auto& request) { return request.target.ends_with("/api/token"); }));
        CHECK(reauthorize_at() == now + 181 * day);
    }
}

TEST_CASE("a new sign-in gets a new sid and ends the session it began in") {
    Harness server;
    server.sign_in();
    const auto first = server.jar.get("sid");
    server.sign_in();
    const auto second = server.jar.get("sid");
    CHECK(first != second);
    server.jar.set("sid", first);
    CHECK(server.get("/api/session").body == "{\"authenticated\":false}");
}

TEST_CASE("a callback works once, and only in the browser that began it") {
    Harness server;
    const auto back = server.authorize().substr(server.config.own_origin.size());
    const auto flow = server.jar;
    Jar stranger;
    std::swap(server.jar, stranger);
    CHECK(Harness::location(server.get(back)) == server.config.own_origin + "/?problem=state");
    server.jar = flow;
    CHECK(Harness::location(server.get(back)) == server.config.own_origin + "/");
    server.jar = flow;  // with its cookie put back
    CHECK(Harness::location(server.get(back)) == server.config.own_origin + "/?problem=state");
    CHECK(Harness::location(server.get("/auth/callback?code=x&state=00000000")) ==
          server.config.own_origin + "/?problem=state");
}

TEST_CASE("what Spotify says at the callback becomes a problem the page can tell") {
    Harness server;
    const auto back = server.authorize().substr(server.config.own_origin.size());
    const auto state = back.substr(back.find("state="));
    SECTION("denied") {
        CHECK(Harness::location(server.get("/auth/callback?error=access_denied&" + state)) ==
              server.config.own_origin + "/?problem=denied");
    }
    SECTION("a code that is no good") {
        CHECK(Harness::location(server.get("/auth/callback?code=forged&" + state)) ==
              server.config.own_origin + "/?problem=exchange");
    }
    SECTION("a user who is not on the list") {
        server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
            if (!request.target.ends_with("/me")) return std::nullopt;
            return http::ClientResponse{
                403,
                {},
                "Check settings on developer.spotify.com/dashboard, the user may not be registered."};
        };
        CHECK(Harness::location(server.get(back)) == server.config.own_origin + "/?problem=not_registered");
    }
    CHECK(server.jar.get("sid").empty());
    CHECK(server.jar.header().find("login-") == std::string::npos);
}

TEST_CASE("a tab of another account signs nobody out") {
    Harness server;
    server.sign_in();
    const auto session = decode<SessionInfo>(server.get("/api/session").body);
    const auto refused = server.post("/auth/logout", {}, {{"X-Cadenza-Account", "somebody-else"}});
    CHECK(refused.status == 409);
    CHECK(problem_of(refused) == "account_changed");
    CHECK_FALSE(refused.headers.find("Set-Cookie"));
    CHECK(decode<SessionInfo>(server.get("/api/session").body)->authenticated);

    CHECK(server.post("/auth/logout", {}, {{"X-Cadenza-Account", *session->account}}).status == 204);
    CHECK(server.get("/api/session").body == "{\"authenticated\":false}");
    // Nobody is left to be another.
    CHECK(server.post("/auth/logout", {}, {{"X-Cadenza-Account", *session->account}}).status == 204);
}

TEST_CASE("disconnecting ends every session of the user") {
    Harness server;
    server.sign_in();
    const auto first = server.jar.get("sid");
    server.jar = {};
    server.sign_in();
    CHECK(server.post("/auth/disconnect").status == 204);
    server.jar.set("sid", first);
    CHECK(server.get("/api/session").body == "{\"authenticated\":false}");
}

}  // namespace cadenza::server
