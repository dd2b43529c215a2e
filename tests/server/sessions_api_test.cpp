// Sessions as the page and its user see them, with every kind of store, over real sockets.

#include "server/session/cookie_session_store.hpp"
#include "server/session/redis_session_store.hpp"
#include "tests/server/problem_of.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

SessionList sessions_of(Harness& server) {
    const auto answer = server.get("/api/sessions");
    REQUIRE(answer.status == 200);
    CHECK(answer.headers.find("Cache-Control") == "no-store");
    auto list = decode<SessionList>(answer.body, UnknownFields::refuse);
    REQUIRE(list);
    return std::move(*list);
}

bool signed_in(Harness& server) {
    return decode<SessionInfo>(server.get("/api/session").body)->authenticated;
}

// A second browser of the same user.
Jar another_browser(Harness& server) {
    Jar own = std::exchange(server.jar, {});
    server.sign_in();
    return std::exchange(server.jar, std::move(own));
}

struct RedisStore {
    RedisServer process;
    PlainRedis client{process.socket()};
    KeyRing keys{KeyRing::fresh()};
    RedisSessionStore store;

    explicit RedisStore(Harness& server) : store(client, keys, server.log, {}) { server.use(store); }
};

void lists_and_revokes(Harness& server) {
    server.sign_in();
    server.shift += hour;
    auto phone = another_browser(server);
    server.shift += hour;
    auto tablet = another_browser(server);
    const auto list = sessions_of(server);
    REQUIRE(list.items.size() == 3);
    CHECK(list.items[0].current);  // used a moment ago, and asks
    CHECK(list.items[0].created_at < list.items[1].created_at);
    CHECK_FALSE(list.items[1].current);
    CHECK(list.items[1].created_at > list.items[2].created_at);
    CHECK(list.items[0].user_agent == "Unknown browser");

    const auto phone_id = list.items[2].id;
    CHECK(problem_of(server.remove("/api/sessions/none-such")) == "not_found");
    CHECK(server.remove("/api/sessions/" + phone_id).status == 204);
    CHECK(problem_of(server.remove("/api/sessions/" + phone_id)) == "not_found");
    std::swap(server.jar, phone);
    CHECK_FALSE(signed_in(server));
    std::swap(server.jar, phone);
    CHECK(sessions_of(server).items.size() == 2);

    CHECK(server.remove("/api/sessions").status == 204);
    std::swap(server.jar, tablet);
    CHECK_FALSE(signed_in(server));
    std::swap(server.jar, tablet);
    REQUIRE(sessions_of(server).items.size() == 1);

    CHECK(server.remove("/api/sessions/" + sessions_of(server).items[0].id).status == 204);
    CHECK(server.jar.get("sid").empty());
    CHECK(problem_of(server.get("/api/sessions")) == "signed_out");
}

}  // namespace

TEST_CASE("a user sees where they are signed in and ends it there: memory") {
    Harness server;
    lists_and_revokes(server);
}

TEST_CASE("a user sees where they are signed in and ends it there: Redis") {
    Harness server;
    const RedisStore redis(server);
    lists_and_revokes(server);
}

TEST_CASE("nobody sees or ends another user's sessions") {
    Harness server;
    server.sign_in();
    const auto id = sessions_of(server).items[0].id;
    auto anna = std::exchange(server.jar, {});
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!request.target.ends_with("/me")) return std::nullopt;
        return http::ClientResponse{200, {}, R"({"account_id":"bert","id":"bert"})"};
    };
    server.sign_in();
    CHECK(sessions_of(server).items.size() == 1);
    CHECK(problem_of(server.remove("/api/sessions/" + id)) == "not_found");
    CHECK(server.remove("/api/sessions").status == 204);
    std::swap(server.jar, anna);
    CHECK(signed_in(server));
}

TEST_CASE("with sessions in cookies one knows its own, and says of the others that it cannot") {
    Harness server;
    CookieSessionStore store(server.keys, {});
    server.use(store);
    server.sign_in();
    CHECK(server.jar.get("sid").find('.') != std::string::npos);
    const auto list = sessions_of(server);
    REQUIRE(list.items.size() == 1);
    CHECK(list.items[0].current);
    const auto others = server.remove("/api/sessions");
    CHECK(others.status == 409);
    CHECK(problem_of(others) == "store_cannot");
    CHECK(problem_of(server.remove("/api/sessions/another")) == "store_cannot");
    CHECK(signed_in(server));
    CHECK(server.remove("/api/sessions/" + list.items[0].id).status == 204);
    CHECK(server.jar.get("sid").empty());

    server.sign_in();
    CHECK(server.post("/auth/disconnect").status == 204);
    CHECK(server.jar.get("sid").empty());
}

TEST_CASE("with sessions in cookies a new token reaches the browser, once, whatever the answer is") {
    Harness server;
    CookieSessionStore store(server.keys, {});
    server.use(store);
    server.sign_in();
    server.shift += 2 * hour;
    auto before = server.jar;
    server.jar.set_cookies.clear();
    // An error for an answer, and a fresh grant in the cookie.
    CHECK(server.get("/api/albums/0000000000000000000000").status == 404);
    CHECK(server.jar.get("sid") != before.get("sid"));
    server.jar.set_cookies.clear();
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(server.jar.set_cookies.empty());
    CHECK(server.upstream.size() == 1);

    // A request that was under way with the old cookie asks for no other token, and gets the new one too.
    server.upstream.clear();
    std::swap(server.jar, before);
    CHECK(server.get("/api/library/albums").status == 200);
    CHECK(server.upstream.size() == 1);
    CHECK_FALSE(server.jar.set_cookies.empty());

    // Another process, which knows nothing of all this.
    CookieSessionStore elsewhere(server.keys, {});
    server.use(elsewhere);
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(server.upstream.size() == 1);
}

TEST_CASE("with sessions in cookies fifty requests at expiry refresh once, and all get the new cookie") {
    Harness server;
    CookieSessionStore store(server.keys, {});
    server.use(store);
    server.sign_in();
    server.shift += 2 * hour;
    server.upstream.clear();
    std::vector<http::ClientRequest> requests;
    for (int i = 0; i < 50; ++i)
        requests.push_back({.origin = server.config.own_origin,
                            .target = "/api/library/tracks?offset=" + std::to_string(i),
                            .headers = server.get_fields()});
    CHECK(server.at_once(requests) == std::vector<int>(50, 200));
    CHECK(std::count_if(server.upstream.begin(), server.upstream.end(),
                        [](const auto& request) { return request.target.ends_with("/api/token"); }) == 1);
}

TEST_CASE("while Redis is out nobody is signed out: 503, when to come again, and the cookie stays") {
    Harness server;
    RedisStore redis(server);
    server.sign_in();
    const auto sid = server.jar.get("sid");
    redis.process.kill();
    server.jar.set_cookies.clear();
    const http::Headers none;
    for (const auto* path : {"/api/session", "/api/sessions", "/api/library/tracks"}) {
        CAPTURE(path);
        const auto answer = server.get(path);
        CHECK(answer.status == 503);
        CHECK(problem_of(answer) == "store_unavailable");
        CHECK(answer.headers.find("Retry-After"));
    }
    for (const auto* path : {"/auth/logout", "/auth/disconnect"}) CHECK(server.post(path).status == 503);
    CHECK(server.remove("/api/sessions").status == 503);
    CHECK(server.jar.set_cookies.empty());
    CHECK(server.jar.get("sid") == sid);
    CHECK(server.logged("session_store_lost").size() == 1);

    // Who has no cookie does not notice.
    const auto commands = redis.client.commands;
    Jar nobody;
    std::swap(server.jar, nobody);
    CHECK_FALSE(signed_in(server));
    CHECK(problem_of(server.get("/api/library/tracks")) == "signed_out");
    CHECK(server.get("/livez").status == 200);
    CHECK(redis.client.commands == commands);

    redis.process.start();
    server.sign_in();
    CHECK(signed_in(server));
    CHECK(server.logged("session_store_back").size() == 1);
}

TEST_CASE("a session that was given by another kind of store is none, and costs no error") {
    Harness server;
    server.sign_in();
    const auto from_memory = server.jar;
    CookieSessionStore cookies(server.keys, {});
    server.use(cookies);
    CHECK_FALSE(signed_in(server));
    server.sign_in();
    CHECK(signed_in(server));
    server.use(server.store);
    CHECK_FALSE(signed_in(server));
    server.sign_in();  // ends what it cannot know
    CHECK(signed_in(server));
}

}  // namespace cadenza::server
