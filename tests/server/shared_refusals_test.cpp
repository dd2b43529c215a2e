// A Spotify that refuses, several servers over one Redis, and who of them believes it.

#include "server/session/redis_scripts.hpp"
#include "server/session/sid.hpp"
#include "tests/server/replicas.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

// Browsers that signed in, whose access tokens have ended; Spotify refuses to renew them.
struct Refused : Cluster {
    explicit Refused(const std::vector<std::string>& people) {
        for (const auto& person : people) {
            server.jar = {};
            server.intercept =
                [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
                if (!request.target.ends_with("/me")) return std::nullopt;
                return http::ClientResponse{
                    200, {}, R"({"account_id":")" + person + R"(","id":")" + person + "\"}"};
            };
            server.sign_in();
            browsers.push_back(server.jar);
        }
        server.shift += 2 * hour;
        server.upstream.clear();
        refuse_refreshes();
        for (auto& replica : replicas) {
            auto& client = replica->client;
            client.before = [&](const redis::Command& command) {
                const bool shared = command.key.starts_with("cadenza:refresh:");
                client.out = shared && cut_off;
                if (shared && command.words[0] == "GET") ++looks[&client];
            };
        }
    }
    int ask(std::size_t replica, std::size_t browser) {
        server.jar = browsers[browser];
        return Cluster::ask(replica);
    }
    bool is_marked(std::size_t browser) {
        server.jar = browsers[browser];
        return session().account().reauthorize;
    }
    // What the servers do by themselves, until each has looked again.
    void wait_for_looks() {
        looks.clear();
        while (looks.size() < replicas.size()) server.context.run_one();
    }

    std::vector<Jar> browsers;
    bool cut_off{};  // from what the servers share of refusals
    std::map<const PlainRedis*, int> looks;
};

}  // namespace

TEST_CASE("three accounts refused by three servers: nobody loses a sign-in") {
    Refused cluster({"anna", "bert", "cleo"});
    CHECK(cluster.ask(0, 0) == 401);
    CHECK(cluster.ask(1, 1) == 401);
    CHECK(cluster.is_marked(0));
    CHECK(cluster.is_marked(1));
    CHECK(cluster.ask(2, 2) == 503);
    while (cluster.is_marked(0) || cluster.is_marked(1)) cluster.server.context.run_one();
    CHECK_FALSE(cluster.is_marked(2));
    CHECK(cluster.server.logged("refresh_refused_often").size() == 3);  // each server says so once

    CHECK(cluster.refreshes() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.ask((i + 1) % 3, i) == 503);
    CHECK(cluster.refreshes() == 3);  // nobody is asked while it is open
    cluster.server.intercept = nullptr;
    cluster.server.shift += 61'000;
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.ask(i, i) == 200);
    CHECK(cluster.refreshes() == 6);
}

TEST_CASE("a server that had no part in it knows that the breaker is open when it is about to ask") {
    Refused cluster({"anna", "bert", "cleo", "dora"});
    CHECK(cluster.ask(0, 0) == 401);
    CHECK(cluster.ask(0, 1) == 401);
    CHECK(cluster.ask(1, 2) == 503);
    CHECK(cluster.ask(2, 3) == 503);
    CHECK(cluster.refreshes() == 3);
}

TEST_CASE("one account refused by three servers has ended") {
    Refused cluster({"anna", "anna", "anna"});
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.ask(i, i) == 401);
    cluster.wait_for_looks();
    cluster.server.shift += 66'000;
    cluster.wait_for_looks();  // the last time
    for (std::size_t i = 0; i < 3; ++i) CHECK(cluster.is_marked(i));
    CHECK(cluster.server.logged("refresh_refused_often").empty());
}

TEST_CASE("while Redis is out a server goes by its own count") {
    Refused cluster({"anna", "bert", "cleo", "dora"});
    cluster.cut_off = true;
    CHECK(cluster.ask(1, 3) == 401);
    CHECK(cluster.ask(0, 0) == 401);
    CHECK(cluster.ask(0, 1) == 401);
    CHECK(cluster.ask(0, 2) == 503);
    CHECK_FALSE(cluster.is_marked(0));
    CHECK_FALSE(cluster.is_marked(1));
    CHECK(cluster.is_marked(3));
}

TEST_CASE("who is marked in the moment in which the breaker opens is forgiven") {
    Refused cluster({"anna", "bert", "cleo"});
    cluster.server.jar = cluster.browsers[0];
    const auto name = cluster.key().substr(account_tag_size);
    bool held{};
    bool release{};
    cluster.replicas[0]->client.hold = [&](const redis::Command& command) {
        const bool is_mark = command.words[1] == redis_script::replace.sha1 && command.key.ends_with(name);
        held = held || is_mark;
        return is_mark && !release;
    };
    const auto first = cluster.begin(0);
    while (!held) cluster.server.context.run_one();
    CHECK(cluster.ask(0, 1) == 401);
    CHECK(cluster.ask(0, 2) == 503);
    release = true;
    CHECK(cluster.end(first) == 503);
    for (std::size_t i = 0; i < 3; ++i) CHECK_FALSE(cluster.is_marked(i));
}

TEST_CASE("a mark that is overtaken by a grant gives way to it") {
    Refused cluster({"anna"});
    bool held{};
    bool release{};
    cluster.replicas[0]->client.hold = [&](const redis::Command& command) {
        const bool is_mark = command.words[1] == redis_script::replace.sha1;
        held = held || is_mark;
        return is_mark && !release;
    };
    const auto first = cluster.begin(0);
    while (!held) cluster.server.context.run_one();
    const Secret ticket(cluster.server.jar.get("sid"));
    auto& other = cluster.replicas[1]->store;
    auto session = (**cluster.wait(other.find(ticket, cluster.server.clock()))).session;
    session.account().grant.access_token = Secret("winner");
    session.account().grant.access_expires_at = cluster.server.clock() + hour;
    CHECK(cluster.wait(other.replace(ticket, session))->outcome == Replaced::Outcome::done);
    release = true;
    CHECK(cluster.end(first) == 200);
    CHECK_FALSE(cluster.is_marked(0));
}

TEST_CASE("who could not be marked is not told to sign in again") {
    Refused cluster({"anna"});
    auto& client = cluster.replicas[0]->client;
    client.before = [&](const redis::Command& command) {
        client.out = command.words[1] == redis_script::replace.sha1;
    };
    CHECK(cluster.ask(0, 0) == 503);
    CHECK_FALSE(cluster.is_marked(0));
    CHECK(cluster.server.logged("session_not_marked").size() == 1);
    client.before = nullptr;
    client.out = false;
    CHECK(cluster.ask(0, 0) == 401);
}

TEST_CASE("while Redis is full three accounts that Spotify refuses open the breaker, and none is marked") {
    Refused cluster({"anna", "bert", "cleo", "dora"});
    const FullRedis full(cluster.replicas[1]->client);
    for (std::size_t i = 0; i < 4; ++i) CHECK(cluster.ask(0, i) == 503);
    CHECK(cluster.refreshes() == 3);
    CHECK(cluster.server.logged("refresh_refused_often").size() == 1);
    for (std::size_t i = 0; i < 4; ++i) CHECK_FALSE(cluster.is_marked(i));
}

// The store goes in the worst moment: the third account was read, and is about to be counted.
TEST_CASE("marks that cannot be taken back when the breaker opens are when the store is back") {
    Refused cluster({"anna", "bert", "cleo"});
    CHECK(cluster.ask(0, 0) == 401);
    CHECK(cluster.ask(0, 1) == 401);
    auto& client = cluster.replicas[0]->client;
    client.before = [&](const redis::Command& command) {
        client.out = client.out || (command.key.starts_with("cadenza:refresh:") && command.words[0] != "GET");
    };
    CHECK(cluster.ask(0, 2) == 503);
    REQUIRE(client.out);
    client.before = nullptr;
    client.out = false;
    CHECK(cluster.is_marked(0));
    CHECK(cluster.is_marked(1));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (cluster.is_marked(0) || cluster.is_marked(1)) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        cluster.server.context.run_one_for(std::chrono::milliseconds(100));
    }
    CHECK_FALSE(cluster.is_marked(2));
}

}  // namespace cadenza::server
