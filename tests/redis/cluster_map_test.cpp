#include "server/redis/cluster_map.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

using Kind = Reply::Kind;

const Address source{.host = "10.0.0.9", .port = 7009};

Reply text(std::string value) { return {.kind = Kind::text, .text = std::move(value)}; }
Reply number(std::int64_t value) { return {.kind = Kind::integer, .integer = value}; }
Reply list(std::vector<Reply> items) { return {.kind = Kind::array, .items = std::move(items)}; }
Reply node(const std::string& host, std::int64_t port) {
    return list({text(host), number(port), text("id"), list({})});
}

TEST_CASE("slots belong to the masters that are named first") {
    const auto map =
        ClusterMap::read(list({list({number(0), number(99), node("10.0.0.1", 7001), node("10.0.0.4", 7004)}),
                               list({number(200), number(200), node("", 7002)}),
                               list({number(201), number(16383), node("10.0.0.1", 7001)})}),
                         source);
    REQUIRE(map);
    CHECK(map->masters() == std::vector<Address>{{"10.0.0.1", 7001, ""}, {"10.0.0.9", 7002, ""}});
    CHECK(map->master_of(0)->port == 7001);
    CHECK(map->master_of(99)->port == 7001);
    CHECK(map->master_of(100) == nullptr);
    CHECK(*map->master_of(200) == Address{"10.0.0.9", 7002, ""});
    CHECK(map->master_of(16383)->port == 7001);
}

TEST_CASE("a slot moves to a node that was known or not") {
    auto map = *ClusterMap::read(list({list({number(0), number(16383), node("a", 1)})}), source);
    map.move(5, {"b", 2, ""});
    map.move(6, {"a", 1, ""});
    CHECK(*map.master_of(5) == Address{"b", 2, ""});
    CHECK(*map.master_of(6) == Address{"a", 1, ""});
    CHECK(map.masters().size() == 2);
}

TEST_CASE("a map of another shape is refused") {
    const auto reply =
        GENERATE(list({}), Reply{}, number(1), list({number(1)}), list({list({number(0), number(1)})}),
                 list({list({number(0), number(16384), node("a", 1)})}),
                 list({list({number(-1), number(5), node("a", 1)})}),
                 list({list({number(0), number(5), node("a", 0)})}),
                 list({list({number(0), number(5), node("a", 65536)})}),
                 list({list({number(0), number(5), list({text("a")})})}),
                 Reply{.kind = Kind::error, .text = "ERR no"});
    const auto map = ClusterMap::read(reply, source);
    REQUIRE(map.has_error());
    CHECK(map.error().code == Errc::storage_failed);
}

TEST_CASE("redirections name a slot and a node") {
    const auto moved = redirection_in("MOVED 3999 127.0.0.1:6381", source);
    REQUIRE(moved);
    CHECK(moved->slot == 3999);
    CHECK(moved->to == Address{"127.0.0.1", 6381, ""});
    CHECK(redirection_in("ASK 1 ::1:6381", source)->to == Address{"::1", 6381, ""});
    CHECK(redirection_in("ASK 1 :6381", source)->to == Address{"10.0.0.9", 6381, ""});
    CHECK(redirection_in("MOVED 1 ?:6381", source)->to == Address{"10.0.0.9", 6381, ""});
    for (const char* text : {"MOVED", "MOVED ", "MOVED 1", "MOVED x a:1", "MOVED 16384 a:1", "MOVED 1 a",
                             "MOVED 1 a:", "MOVED 1 a:0", "MOVED 1 a:65536", "ERR 1 a:1", ""}) {
        CAPTURE(text);
        CHECK_FALSE(redirection_in(text, source));
    }
}

}  // namespace
}  // namespace cadenza::redis
