// Access tokens that end while Redis is full: it reads, and refuses to write.

#include "server/session/redis_scripts.hpp"
#include "tests/server/replicas.hpp"

#include <set>

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

http::ClientResponse granted(const std::string& access, const std::string& refresh) {
    return {200,
            {},
            R"({"access_token":")" + access +
                R"(","token_type":"Bearer","expires_in":3600,"refresh_token":")" + refresh + R"("})"};
}

// Its token ended two hours ago. Spotify replaces the refresh token, so that the old one is good no more.
void begin_rotating(Cluster& cluster) {
    cluster.server.shift += 2 * hour;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        if (cluster.refreshes() > 1) return http::ClientResponse{400, {}, invalid_grant};
        return granted("access-2", "rotated");
    };
}

}  // namespace

TEST_CASE("a refresh that begins while Redis is full goes on, and is stored when there is room") {
    Cluster cluster;
    begin_rotating(cluster);
    {
        const FullRedis full(cluster.replicas[0]->client);
        CHECK(cluster.ask(0) == 200);
        CHECK(cluster.ask(0) == 200);
        CHECK(cluster.refreshes() == 1);
        // Of another server Spotify refuses the old one, which says nothing.
        CHECK(cluster.ask(1) == 503);
        CHECK(cluster.refreshes() == 2);
    }
    while (cluster.session().account().grant.refresh_token != Secret("rotated"))
        cluster.server.context.run_one();
    CHECK_FALSE(cluster.session().account().reauthorize);
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.ask(i) == 200);
    CHECK(cluster.refreshes() == 2);
}

// The first has what replaced it, and is about to store it.
TEST_CASE("a refusal just after a full Redis has room again says nothing yet") {
    Cluster cluster;
    begin_rotating(cluster);
    {
        const FullRedis full(cluster.replicas[0]->client);
        CHECK(cluster.ask(0) == 200);
    }
    CHECK(cluster.ask(1) == 200);
    CHECK(cluster.refreshes() == 2);
    CHECK_FALSE(cluster.session().account().reauthorize);
    CHECK(cluster.session().account().grant.refresh_token == Secret("rotated"));
}

TEST_CASE("who keeps what a full Redis did not take gets the lease as soon as there is room") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    auto& client = cluster.replicas[0]->client;
    bool has_room{};
    client.before = [&](const redis::Command& command) {
        client.out = has_room && command.words[1] == redis_script::replace.sha1;
    };
    {
        const FullRedis full(client);
        CHECK(cluster.ask(0) == 200);
    }
    has_room = true;
    auto& other = cluster.replicas[1]->store;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (*cluster.wait(other.hold(cluster.key(), "other", std::chrono::milliseconds(1)))) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        cluster.server.context.run_one_for(std::chrono::milliseconds(50));
    }
    client.before = nullptr;
    client.out = false;
    CHECK(cluster.ask(1) == 200);
    CHECK(cluster.refreshes() == 1);
}

TEST_CASE("a full Redis still says that another has the lease") {
    Cluster cluster(2);
    const auto hold = [&](std::size_t replica, const std::string& holder) {
        return cluster.wait(
            cluster.replicas[replica]->store.hold(cluster.key(), holder, std::chrono::seconds(60)));
    };
    REQUIRE(hold(0, "one"));
    const FullRedis full(cluster.replicas[0]->client);
    const auto other = hold(1, "two");
    REQUIRE(other);
    CHECK_FALSE(*other);
    const auto renewed = hold(0, "one");
    REQUIRE(renewed);
    CHECK(*renewed);
    CHECK(cluster.wait(cluster.replicas[0]->store.let_go(cluster.key(), "one")));
    CHECK_FALSE(hold(1, "two"));
}

// Error after error, and errors between two answers that another has it.
TEST_CASE("who waits for a refresh does not ask beside it when taking the lease fails for a moment") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    auto& client = cluster.replicas[1]->client;
    int takes = 0;
    client.before = [&](const redis::Command& command) {
        client.out = command.words[1] == redis_script::hold.sha1 && ++takes % 3 != 0;
    };
    cluster.server.hold = [&](const http::ClientRequest& request) { return is_token(request) && takes < 12; };
    const auto first = cluster.begin(0);
    while (cluster.refreshes() == 0) cluster.server.context.run_one();
    CHECK(cluster.ask(1) == 200);
    CHECK(cluster.end(first) == 200);
    CHECK(cluster.refreshes() == 1);
}

TEST_CASE("while Redis is full a refused token is not asked for with each request") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    cluster.refuse_refreshes();
    {
        const FullRedis full(cluster.replicas[0]->client);
        CHECK(cluster.ask(0) == 503);
        CHECK(cluster.ask(0) == 503);
        CHECK(cluster.refreshes() == 1);
    }
    CHECK(cluster.ask(0) == 401);  // with the lease it counts
    CHECK(cluster.refreshes() == 2);
}

TEST_CASE("two servers that both refreshed while Redis was full agree afterwards") {
    Cluster cluster(2);
    cluster.server.shift += 2 * hour;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        const auto count = std::to_string(cluster.refreshes());
        return granted("access-" + count, "refresh-" + count);
    };
    std::set<const PlainRedis*> done;
    for (const auto& replica : cluster.replicas)
        replica->client.before = [&, client = &replica->client](const redis::Command& command) {
            if (command.words[1] == redis_script::let_go.sha1) done.insert(client);
        };
    {
        const FullRedis full(cluster.replicas[0]->client);
        CHECK(cluster.ask_all(5) == std::vector<int>(10, 200));
        CHECK(cluster.refreshes() == 2);
        CHECK(done.empty());
    }
    while (done.size() < 2) cluster.server.context.run_one();
    const auto stored = cluster.session().account().grant;
    CHECK((stored.access_token == Secret("access-1") || stored.access_token == Secret("access-2")));
    for (std::size_t i = 0; i < 2; ++i) CHECK(cluster.ask(i) == 200);
    CHECK(cluster.refreshes() == 2);
    CHECK(cluster.session().account().grant == stored);
    CHECK(cluster.server.logged("session_not_stored").empty());
}

TEST_CASE("while Redis is full a token is used to its end before it is replaced") {
    Cluster cluster;
    cluster.server.shift += hour - 30'000;  // when it would be, else
    {
        const FullRedis full(cluster.replicas[0]->client);
        CHECK(cluster.ask(0) == 200);
        CHECK(cluster.refreshes() == 0);
    }
    CHECK(cluster.ask(0) == 200);
    CHECK(cluster.refreshes() == 1);
}

TEST_CASE("while Redis is full a token that Spotify refuses is replaced") {
    Cluster cluster;
    const auto old = cluster.session().account().grant.access_token.reveal();
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.headers.find("Authorization") != "Bearer " + old) return std::nullopt;
        return http::ClientResponse{401, {}, ""};
    };
    const FullRedis full(cluster.replicas[0]->client);
    CHECK(cluster.server.get("/api/library/tracks").status == 200);
    CHECK(cluster.refreshes() == 1);
}

}  // namespace cadenza::server
