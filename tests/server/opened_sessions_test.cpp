#include "server/session/opened_sessions.hpp"

#include "tests/server/store_rig.hpp"

namespace cadenza::server {
namespace {

using Kind = StoreRig::Kind;

Session with_id(const std::string& id) {
    auto out = session_of("anna");
    out.id = id;
    return out;
}

}  // namespace

TEST_CASE("what was opened is found by its whole text, and replaced under its name") {
    OpenedSessions opened(10);
    opened.put("n", "sealed", with_id("1"));
    REQUIRE(opened.find("n", "sealed"));
    CHECK(opened.find("n", "sealed")->id == "1");
    CHECK_FALSE(opened.find("n", "sealeD"));
    CHECK_FALSE(opened.find("n", "sealed "));
    CHECK_FALSE(opened.find("m", "sealed"));
    opened.put("n", "other", with_id("2"));
    CHECK_FALSE(opened.find("n", "sealed"));
    CHECK(opened.find("n", "other")->id == "2");
    CHECK(opened.size() == 1);
}

TEST_CASE("no more are remembered than there is room for, those used last") {
    OpenedSessions opened(2);
    for (const auto* name : {"a", "b"}) opened.put(name, name, with_id(name));
    CHECK(opened.find("a", "a"));
    opened.put("c", "c", with_id("c"));
    CHECK_FALSE(opened.find("b", "b"));
    CHECK(opened.find("a", "a"));
    CHECK(opened.size() == 2);
    OpenedSessions none(0);
    none.put("a", "a", with_id("a"));
    CHECK_FALSE(none.find("a", "a"));
}

TEST_CASE("what was opened is forgotten by its name, by its session, unused, and all at once") {
    OpenedSessions opened(10);
    for (const auto* name : {"a", "b", "c"})
        opened.put(name, name, with_id(name == std::string("c") ? "x" : "y"));
    opened.forget("a");
    opened.forget("nobody's");
    CHECK(opened.size() == 2);
    opened.forget_session("y");
    CHECK_FALSE(opened.find("b", "b"));
    CHECK(opened.find("c", "c"));
    opened.clear();
    CHECK(opened.size() == 0);
    OpenedSessions short_lived(10, std::chrono::milliseconds(0));
    short_lived.put("a", "a", with_id("a"));
    CHECK_FALSE(short_lived.find("a", "a"));
    CHECK(short_lived.size() == 0);
}

TEST_CASE("a store forgets what it opened of a session that ended") {
    for (const auto kind : {Kind::redis, Kind::cookie}) {
        StoreRig rig(kind);
        Browser anna(rig, "anna");
        REQUIRE(anna.in());
        const auto opened = [&] {
            return kind == Kind::redis ? rig.in_redis->opened() : rig.cookies->opened();
        };
        CHECK(opened() == 1);
        REQUIRE(run(rig.store->erase(rig.store->key_of(anna.ticket))));
        CHECK(opened() == 0);
        CHECK_FALSE(anna.in());
        CHECK(opened() == 0);
    }
    // Ended by another process.
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    REQUIRE(anna.in());
    REQUIRE(rig.redis->send({"FLUSHALL"}));
    CHECK_FALSE(anna.in());
    CHECK(rig.in_redis->opened() == 0);
}

}  // namespace cadenza::server
