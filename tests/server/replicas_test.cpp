// Several servers over one Redis, when an access token ends.

#include "tests/server/replicas.hpp"

#include "server/session/redis_scripts.hpp"
#include "server/session/refresh_lease.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

}  // namespace

// Slower than the lease would last were it not renewed.
TEST_CASE("three servers and fifty requests each at expiry: Spotify is asked once, however slow it is") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    cluster.server.stalled = "/api/token";
    cluster.server.stall = std::chrono::milliseconds(15'000);
    CHECK(cluster.ask_all(50) == std::vector<int>(150, 200));
    CHECK(cluster.refreshes() == 1);
    CHECK(cluster.server.logged("refresh_lease_lost").empty());
}

TEST_CASE("a lease is renewed as long as its holder needs it, and ends when the holder dies") {
    Cluster cluster;
    auto& other = cluster.replicas[1]->store;
    const std::chrono::milliseconds time(300);
    const auto held_by_other = [&] {
        const auto held = cluster.wait(other.hold("0123456789a-session", "other", time));
        REQUIRE(held);
        return *held;
    };
    RefreshLease lease(cluster.replicas[0]->services, "0123456789a-session", time);
    REQUIRE(cluster.wait(lease.take()));
    const auto end = std::chrono::steady_clock::now() + 3 * time;
    int looks = 0;
    while (std::chrono::steady_clock::now() < end) {
        CHECK_FALSE(held_by_other());
        cluster.server.context.run_for(std::chrono::milliseconds(10));
        ++looks;
    }
    CHECK(looks > 3);
    cluster.replicas[0]->client.out = true;  // it cannot renew any more
    while (!held_by_other()) cluster.server.context.run_for(std::chrono::milliseconds(10));
    cluster.replicas[0]->client.out = false;
    while (cluster.server.logged("refresh_lease_lost").empty()) cluster.server.context.run_one();
}

TEST_CASE("when a server dies while it refreshes, the next one takes over") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    REQUIRE(
        cluster.wait(cluster.replicas[0]->store.hold(cluster.key(), "dead", std::chrono::milliseconds(200))));
    CHECK(cluster.ask(1) == 200);
    CHECK(cluster.refreshes() == 1);
    CHECK(cluster.ask(2) == 200);
    CHECK(cluster.refreshes() == 1);
}

TEST_CASE("a session erased while it is refreshed stays erased") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    const auto account = cluster.session().account().key;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (is_token(request)) CHECK(run(cluster.replicas[2]->store.erase_account(account)));
        return std::nullopt;
    };
    CHECK(cluster.ask(0) == 401);
    cluster.server.intercept = nullptr;
    CHECK(cluster.refreshes() == 1);
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.ask(i) == 401);
}

TEST_CASE("who lost the lease takes what the winner stored") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    auto& winner = cluster.replicas[1]->store;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        const Secret ticket(cluster.server.jar.get("sid"));
        auto session = (**run(winner.find(ticket, cluster.server.clock()))).session;
        session.account().grant.access_token = Secret("winner");
        session.account().grant.access_expires_at = cluster.server.clock() + hour;
        CHECK(run(winner.replace(ticket, session))->outcome == Replaced::Outcome::done);
        return std::nullopt;
    };
    CHECK(cluster.ask(0) == 200);
    CHECK(cluster.session().account().grant.access_token == Secret("winner"));
}

TEST_CASE("Spotify's refusal counts only when nobody else was accepted meanwhile") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    cluster.refuse_refreshes();
    CHECK(cluster.ask(0) == 401);
    CHECK(cluster.session().account().reauthorize);
    CHECK(cluster.ask(1) == 401);
    CHECK(cluster.refreshes() == 1);
}

TEST_CASE("a grant outlives a short outage of Redis in the moment it is stored") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    int failed = 0;
    auto& client = cluster.replicas[0]->client;
    client.before = [&](const redis::Command& command) {
        const bool replaces = command.words[1] == redis_script::replace.sha1;
        client.out = replaces && failed < 2;
        failed += client.out ? 1 : 0;
    };
    CHECK(cluster.ask(0) == 200);
    CHECK(failed == 2);
    CHECK(cluster.ask(1) == 200);
    CHECK(cluster.refreshes() == 1);
}

// Longer than anybody who asked would wait: what Spotify gave is in no place but that process meanwhile.
TEST_CASE("a new refresh token outlives a long outage of Redis in the moment it is stored") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        return http::ClientResponse{
            200,
            {},
            R"({"access_token":"access-2","token_type":"Bearer","expires_in":3600,"refresh_token":"rotated"})"};
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    auto& client = cluster.replicas[0]->client;
    bool failed{};
    client.before = [&](const redis::Command& command) {
        client.out = command.words[1] == redis_script::replace.sha1 && std::chrono::steady_clock::now() < end;
        failed = failed || client.out;
    };
    CHECK(cluster.ask(0) == 200);
    CHECK(cluster.ask(0) == 200);
    CHECK(failed);
    CHECK(std::chrono::steady_clock::now() < end);
    CHECK(cluster.ask(1) == 200);  // it waits until the other has stored it
    CHECK(std::chrono::steady_clock::now() >= end);
    CHECK(cluster.session().account().grant.refresh_token == Secret("rotated"));
    CHECK(cluster.refreshes() == 1);
    CHECK(cluster.server.logged("session_not_stored").empty());
}

}  // namespace cadenza::server
