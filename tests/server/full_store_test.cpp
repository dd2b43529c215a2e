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

}  // namespace

TEST_CASE("a refresh that begins while Redis is full goes on, and is stored when there is room") {
    Cluster cluster;
    cluster.server.shift += 2 * hour;
    cluster.server.intercept =
        [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        // As the refresh token is replaced, the old one is good no more.
        if (cluster.refreshes() > 1) return http::ClientResponse{400, {}, invalid_grant};
        return granted("access-2", "rotated");
    };
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
