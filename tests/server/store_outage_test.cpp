// Redis out and back again, as a user with a browser sees it, for each STORE_FALLBACK.

#include "server/stores.hpp"
#include "tests/server/harness.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

struct Outage {
    explicit Outage(StoreFallback fallback) {
        server.config.session_store = SessionStoreKind::redis;
        server.config.store_fallback = fallback;
        restart();
    }
    // The process anew; what Redis has and what browsers have stays.
    void restart() {
        stores.emplace(Stores::Surroundings{server.context.get_executor(), server.config, server.keys,
                                            server.clock, server.log, &redis});
        server.use(stores->sessions());
    }
    bool signed_in() {
        const auto answer = server.get("/api/session");
        REQUIRE(answer.status == 200);
        return decode<SessionInfo>(answer.body)->authenticated;
    }
    std::string sign_in() {
        const auto back = server.authorize();
        return Harness::location(server.get(back.substr(server.config.own_origin.size())));
    }
    std::string sid() const { return server.jar.get("sid"); }

    RedisServer process;
    PlainRedis redis{process.socket()};
    Harness server;
    std::optional<Stores> stores;
};

}  // namespace

TEST_CASE("fallback none: a sign-in fails and says so, and the old session is there again afterwards") {
    Outage outage(StoreFallback::none);
    outage.server.sign_in();
    const auto sid = outage.sid();
    outage.redis.out = true;
    CHECK(outage.sign_in() == outage.server.config.frontend_url + "/?problem=exchange");
    CHECK(outage.sid() == sid);
    outage.redis.out = false;
    CHECK(outage.signed_in());
}

TEST_CASE("who signs in once more while Redis is full stays signed in") {
    for (const auto fallback : {StoreFallback::none, StoreFallback::cookie, StoreFallback::memory}) {
        Outage outage(fallback);
        auto& server = outage.server;
        server.sign_in();
        const auto before = server.jar;
        const FullRedis full(outage.redis);
        const auto failed = server.config.frontend_url + "/?problem=exchange";
        CHECK((outage.sign_in() == failed) == (fallback == StoreFallback::none));
        CHECK(outage.signed_in());
        server.jar = before;
        CHECK(outage.signed_in() == (fallback == StoreFallback::none));  // else another took its place
        CHECK(server.logged("former_session_not_ended").empty());
    }
}

TEST_CASE("fallback cookie: a sign-in works at once and moves to Redis without anybody noticing") {
    Outage outage(StoreFallback::cookie);
    auto& server = outage.server;
    server.sign_in();
    auto before = server.jar;
    outage.redis.out = true;
    server.sign_in();  // although the former session cannot be ended
    CHECK(server.logged("former_session_not_ended").size() == 1);
    const auto sealed = outage.sid();
    CHECK(sealed.find('.') != std::string::npos);
    CHECK(server.get("/api/library/tracks").status == 200);
    outage.restart();
    CHECK(outage.signed_in());
    server.shift += 2 * hour;
    CHECK(server.get("/api/library/tracks").status == 200);  // refreshed meanwhile
    CHECK(outage.sid() != sealed);

    outage.redis.out = false;
    CHECK(outage.signed_in());
    CHECK(outage.sid().find('.') == std::string::npos);
    server.upstream.clear();
    CHECK(server.get("/api/player").status == 200);
    CHECK(server.upstream.size() == 1);  // with the token it had
    CHECK(server.post("/auth/logout").status == 204);
    server.jar.set("sid", sealed);
    CHECK_FALSE(outage.signed_in());  // it has moved, and ended there
    std::swap(server.jar, before);
    CHECK(outage.signed_in());
}

TEST_CASE("fallback cookie: what stands in for Redis lasts for a day") {
    Outage outage(StoreFallback::cookie);
    outage.redis.out = true;
    outage.server.sign_in();
    const auto now = outage.server.clock();
    const auto told = decode<SessionInfo>(outage.server.get("/api/session").body);
    REQUIRE(told->expires_at);
    CHECK(std::int64_t{*told->expires_at} > now + 23 * hour);
    CHECK(std::int64_t{*told->expires_at} <= now + 24 * hour);
    outage.server.shift += 23 * hour;
    CHECK(outage.signed_in());
    outage.server.shift += 2 * hour;
    CHECK_FALSE(outage.signed_in());
}

TEST_CASE("fallback memory: who signs in and who signs out while Redis is out stays so") {
    Outage outage(StoreFallback::memory);
    auto& server = outage.server;
    server.sign_in();
    auto leaving = server.jar;
    outage.redis.out = true;
    CHECK(server.post("/auth/logout").status == 204);
    server.sign_in();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(server.get("/api/sessions").status == 503);
    const auto sid = outage.sid();

    outage.redis.out = false;
    const auto sessions = decode<SessionList>(server.get("/api/sessions").body);
    REQUIRE(sessions);
    CHECK(sessions->items.size() == 1);
    CHECK(outage.sid() == sid);
    outage.restart();
    CHECK(outage.signed_in());
    std::swap(server.jar, leaving);
    CHECK_FALSE(outage.signed_in());
    CHECK(server.logged("session_store_lost").size() == 1);
    CHECK(server.logged("session_store_back").size() == 1);
}

TEST_CASE("no ticket, token or sealed session reaches a log line, whatever the store") {
    for (const auto fallback : {StoreFallback::none, StoreFallback::cookie, StoreFallback::memory}) {
        Outage outage(fallback);
        auto& server = outage.server;
        std::vector<std::string> secrets;
        for (const bool out : {false, true, false}) {
            outage.redis.out = out;
            (void)outage.sign_in();
            (void)server.get("/api/sessions");
            server.shift += 2 * hour;
            (void)server.get("/api/library/tracks");
            if (!outage.sid().empty()) secrets.push_back(outage.sid());
        }
        for (const auto& request : server.upstream)
            if (const auto token = request.headers.find("Authorization");
                token && token->starts_with("Bearer "))
                secrets.emplace_back(token->substr(7));
        CHECK(secrets.size() > 5);
        REQUIRE(server.lines.size() > 10);
        for (const auto& line : server.lines)
            for (const auto& secret : secrets) CHECK(line.find(secret) == std::string::npos);
    }
}

}  // namespace cadenza::server
