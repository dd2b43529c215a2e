// What depends on the way a Redis is had: as a cluster, behind a sentinel, over TLS.

#include "server/session/sid.hpp"
#include "tests/server/store_rig.hpp"

#include <functional>

namespace cadenza::server {
namespace {

using Kind = StoreRig::Kind;

// False after twenty seconds.
bool eventually(const std::function<bool()>& condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < patience)
        if (condition()) return true;
    return false;
}

// Ends the master of anna's session, which the replica has already.
void check_failover(StoreRig& rig, Browser& anna, RedisServer& master, const RedisServer& replica) {
    REQUIRE(eventually([&] { return replica.ask({"DBSIZE"}) == master.ask({"DBSIZE"}); }));
    master.kill();
    CHECK(eventually([&] {
        const auto found = anna.ask();
        if (found) CHECK(found->has_value());  // it is out, or it has her session: never that she has none
        return found.has_value();
    }));
    CHECK(anna.replace(anna.session()) == Replaced::Outcome::done);
    CHECK(Browser(rig, "anna").in());
}

}  // namespace

TEST_CASE("a session that began elsewhere comes in once, as it is, under the name it has") {
    for (const auto kind : {Kind::redis, Kind::cluster, Kind::sentinel, Kind::tls}) {
        StoreRig rig(kind);
        auto session = session_of("anna");
        session.version = 3;
        session.created_at = 5;
        session.last_used = 7;
        const Secret ticket(new_sid("anna"));
        REQUIRE(rig.wait(rig.in_redis->adopt(ticket, session, 8)));
        const auto found = rig.wait(rig.store->find(ticket, 8));
        REQUIRE(found);
        REQUIRE(*found);
        CHECK((*found)->session.accounts == session.accounts);
        CHECK((*found)->session.version == 3);
        CHECK((*found)->session.created_at == 5);
        CHECK((*found)->session.last_used == 7);
        CHECK(rig.wait(rig.store->list("anna", 8))->size() == 1);
        CHECK(rig.wait(rig.store->erase((*found)->key)));
        REQUIRE(rig.wait(rig.in_redis->adopt(ticket, session, 8)));
        CHECK_FALSE(*rig.wait(rig.store->find(ticket, 8)));
    }
}

TEST_CASE("sessions of a cluster are spread over its masters, and all are found") {
    StoreRig rig(Kind::cluster);
    std::vector<Browser> browsers;
    for (int i = 0; i < 30; ++i) browsers.emplace_back(rig, "user " + std::to_string(i));
    int masters = 0;
    for (const auto* server : rig.place->servers)
        masters += !server->ask({"ROLE"}).starts_with("slave") && server->ask({"DBSIZE"}) != "0";
    CHECK(masters == 3);
    for (auto& browser : browsers) CHECK(browser.in());
}

TEST_CASE("a Redis that hangs is an outage, and the sessions are there when it goes on") {
    for (const auto kind : {Kind::cluster, Kind::sentinel, Kind::tls}) {
        StoreRig rig(kind);
        Browser anna(rig, "anna");
        rig.place->freeze();
        const auto found = anna.ask();
        rig.place->thaw();
        REQUIRE(found.has_error());
        CHECK(found.error().code == Errc::storage_failed);
        CHECK(eventually([&] { return anna.ask().has_value(); }));
        CHECK(anna.in());
        CHECK(rig.logged("session_store_lost") == 1);
        CHECK(rig.logged("session_store_back") == 1);
    }
}

TEST_CASE("a master that a sentinel replaces signs nobody out") {
    redis::Watched watched;
    StoreRig rig({watched.options(), {}});
    Browser anna(rig, "anna");
    REQUIRE(eventually([&] { return watched.is_ready(); }));
    check_failover(rig, anna, watched.master, watched.replica);
}

TEST_CASE("a master that its cluster replaces signs nobody out") {
    RedisCluster cluster;
    StoreRig rig({redis::cluster_options(cluster.node(0).port()), {}});
    Browser anna(rig, "anna");
    const auto master = cluster.master_of("cadenza:1:{" + account_tag("anna") + "}:i");
    check_failover(rig, anna, cluster.node(master), cluster.node(cluster.replica_of(master)));
}

}  // namespace cadenza::server
