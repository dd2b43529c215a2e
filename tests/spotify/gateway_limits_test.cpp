// The day's requests and Spotify's cool-downs, for one server and for several over one Redis.

#include "tests/spotify/replicas.hpp"

namespace cadenza::server {
namespace {

const std::string quota_body =
    R"({"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}})";

auto refuse_all(const std::string& retry_after, const std::string& body) {
    return [=](const http::ClientRequest&) -> std::optional<http::ClientResponse> {
        return http::ClientResponse{429, {{"Retry-After", retry_after}}, body};
    };
}

Quota quota_of(Harness& server) {
    const auto answer = server.get("/api/quota");
    REQUIRE(answer.status == 200);
    auto quota = decode<Quota>(answer.body, UnknownFields::refuse);
    REQUIRE(quota);
    return *quota;
}

}  // namespace

TEST_CASE("the day's requests are told, and what is not urgent stops first") {
    Harness server;
    server.config.daily_budget = 10;
    server.restart();
    server.sign_in();  // asks who it is
    for (int i = 0; i < 7; ++i) CHECK(server.get("/api/player").status == 200);
    auto quota = quota_of(server);
    CHECK(quota.used == 8);
    CHECK(quota.budget == 10);
    CHECK(quota.window_s == 86'400);
    CHECK(quota.by_priority == QuotaUse{8, 0, 0});
    REQUIRE(quota.prefetch_paused_until);
    CHECK_FALSE(quota.sync_paused_until);

    server.upstream.clear();
    const auto refused = server.get("/api/top/tracks", {{"Priority", "u=7"}});
    CHECK(refused.status == 429);
    CHECK(code(refused) == ProblemCode::budget_spent);
    CHECK(decode<Problem>(refused.body)->retry_at == quota.prefetch_paused_until);
    CHECK(refused.headers.find("Retry-After"));
    CHECK(server.upstream.empty());
    CHECK(server.get("/api/top/tracks", {{"Priority", "u=5"}}).status == 200);
    CHECK(code(server.get("/api/top/artists", {{"Priority", "u=5"}})) == ProblemCode::budget_spent);
    for (int i = 0; i < 5; ++i) CHECK(server.get("/api/player").status == 200);
    // What is kept is no request.
    CHECK(server.get("/api/top/tracks", {{"Priority", "u=7"}}).status == 200);
    quota = quota_of(server);
    CHECK(quota.used == 14);
    CHECK(quota.by_priority == QuotaUse{13, 1, 0});
    CHECK(server.app->gateway_stats().refused_budget == 2);

    server.shift = (*quota.prefetch_paused_until).get() - system_now();
    CHECK(quota_of(server).used == 0);
}

TEST_CASE("a burst does not pass the budget together") {
    Harness server;
    server.config.daily_budget = 20;
    server.restart();
    server.sign_in();
    std::vector<http::ClientRequest> requests;
    for (int i = 0; i < 30; ++i)
        requests.push_back({.origin = server.config.own_origin,
                            .target = "/api/library/tracks?offset=" + std::to_string(i),
                            .headers = server.get_fields({{"Priority", "u=7"}})});
    const auto statuses = server.at_once(requests);
    CHECK(std::count(statuses.begin(), statuses.end(), 200) == 15);
    CHECK(std::count(statuses.begin(), statuses.end(), 429) == 15);
    CHECK(quota_of(server).used == 16);
}

TEST_CASE("a cool-down is told, with its end") {
    Harness server;
    server.sign_in();
    server.intercept = refuse_all("40000", quota_body);
    const auto refused = server.get("/api/library/tracks");
    CHECK(refused.status == 429);
    CHECK(code(refused) == ProblemCode::quota_cooldown);
    CHECK(refused.headers.find("Retry-After") == "40000");
    const auto until = decode<Problem>(refused.body)->retry_at;
    CHECK(quota_of(server).cool_down_until == until);
    CHECK(server.app->gateway_stats().cool_down_ms > 39'000'000);
    server.upstream.clear();
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::quota_cooldown);
    CHECK(code(server.post("/api/player/commands", "{\"pause\":{}}")) == ProblemCode::quota_cooldown);
    CHECK(server.upstream.empty());
}

TEST_CASE("a short wait is waited for once, the quota never, and what is kept serves meanwhile") {
    Harness server;
    server.sign_in();
    CHECK(server.get("/api/library/albums").status == 200);
    int refusals = 1;
    std::string body;
    server.intercept = [&](const http::ClientRequest&) -> std::optional<http::ClientResponse> {
        if (refusals-- <= 0) return std::nullopt;
        return http::ClientResponse{429, {{"Retry-After", "1"}}, body};
    };
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(server.upstream.size() == 2);
    CHECK(server.app->gateway_stats().retries == 1);

    refusals = 2;
    server.upstream.clear();
    CHECK(code(server.get("/api/library/tracks?offset=50")) == ProblemCode::rate_limited);
    CHECK(server.upstream.size() == 2);

    server.shift += 2'000;
    refusals = 1;
    body = quota_body;
    server.upstream.clear();
    CHECK(code(server.get("/api/library/tracks?offset=50")) == ProblemCode::quota_cooldown);
    CHECK(server.upstream.size() == 1);
    CHECK(server.get("/api/library/albums").status == 200);
}

TEST_CASE("a request that waits for its turn while the cool-down begins is not sent") {
    Harness server;
    server.sign_in();
    server.intercept = refuse_all("30", "");
    server.upstream.clear();
    std::vector<http::ClientRequest> requests;
    for (int i = 0; i < 20; ++i)
        requests.push_back({.origin = server.config.own_origin,
                            .target = "/api/library/tracks?offset=" + std::to_string(i),
                            .headers = server.get_fields()});
    CHECK(server.at_once(requests) == std::vector<int>(20, 429));
    CHECK(server.upstream.size() == 3);
}

TEST_CASE("without Redis a cool-down outlives a restart in a file, and until it ends nothing is sent") {
    const TemporaryFolder folder;
    Harness server;
    server.config.state_dir = folder.path();
    server.restart();
    server.sign_in();
    server.intercept = refuse_all("40000", quota_body);
    const auto refused = server.get("/api/library/tracks");
    CHECK(code(refused) == ProblemCode::quota_cooldown);
    server.intercept = nullptr;
    server.upstream.clear();
    for (int i = 0; i < 2; ++i) {
        server.restart();
        server.shift += 1'000'000;
        const auto again = server.get("/api/library/albums");
        CHECK(code(again) == ProblemCode::quota_cooldown);
        CHECK(decode<Problem>(again.body)->retry_at == decode<Problem>(refused.body)->retry_at);
    }
    CHECK(server.upstream.empty());
    CHECK(server.logged("spotify_cool_down").size() == 3);
    server.shift += 38'000'000;
    server.restart();
    CHECK(server.get("/api/library/albums").status == 200);
    CHECK(server.logged("spotify_cool_down").size() == 3);
}

TEST_CASE("replicas over one Redis share a cool-down, which outlives a restart") {
    Replicas both;
    auto& server = both.server;
    server.sign_in();
    server.intercept = refuse_all("40000", quota_body);
    const auto refused = server.get("/api/library/tracks");
    CHECK(code(refused) == ProblemCode::quota_cooldown);
    server.upstream.clear();
    both.turn();
    const auto at_the_other = server.get("/api/library/albums");
    CHECK(code(at_the_other) == ProblemCode::quota_cooldown);
    CHECK(decode<Problem>(at_the_other.body)->retry_at == decode<Problem>(refused.body)->retry_at);
    CHECK(at_the_other.headers.find("Retry-After"));

    both.other.reset();
    server.restart();
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::quota_cooldown);
    // And a restart of Redis.
    both.server_process.kill();
    both.server_process.start();
    (void)both.redis.send({"PING"});  // the connection of before is gone
    server.restart();
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::quota_cooldown);
    CHECK(server.upstream.empty());

    server.intercept = nullptr;
    server.shift += 40'000'000;
    CHECK(server.get("/api/library/albums").status == 200);
}

TEST_CASE("a request that waits at one replica hears of a cool-down at another") {
    Replicas both;
    auto& server = both.server;
    server.sign_in();
    bool holding = true;
    server.hold = [&](const auto&) { return holding; };
    server.upstream.clear();
    std::vector<std::shared_ptr<std::optional<http::ClientResponse>>> answers;
    answers.reserve(4);
    for (int i = 0; i < 4; ++i)  // the fourth waits for its turn
        answers.push_back(server.begin(Method::get, "/api/library/tracks?offset=" + std::to_string(i),
                                       server.get_fields()));
    server.run_until([&] { return server.app->gateway_stats().waiting == 1; });
    both.turn();
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.target.find("/me/albums") == std::string::npos) return std::nullopt;
        return http::ClientResponse{429, {{"Retry-After", "40000"}}, quota_body};
    };
    server.hold = [&](const auto& request) {
        return holding && request.target.find("/me/albums") == std::string::npos;
    };
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::quota_cooldown);
    holding = false;
    server.run_until([&] {
        return std::all_of(answers.begin(), answers.end(), [](const auto& one) { return one->has_value(); });
    });
    CHECK(count(server, "/me/tracks") == 3);
    CHECK(std::count_if(answers.begin(), answers.end(),
                        [](const auto& one) { return (*one)->status == 429; }) == 1);
}

TEST_CASE("replicas over one Redis count together, also over a restart") {
    Replicas both;
    auto& server = both.server;
    server.config.daily_budget = 10;
    server.restart();
    both.turn();
    server.restart();
    server.sign_in();
    for (int i = 0; i < 3; ++i) CHECK(server.get("/api/player").status == 200);
    both.turn();
    for (int i = 0; i < 4; ++i) CHECK(server.get("/api/player").status == 200);
    for (int i = 0; i < 2; ++i, both.turn()) CHECK(quota_of(server).used == 8);
    CHECK(code(server.get("/api/top/tracks", {{"Priority", "u=6"}})) == ProblemCode::budget_spent);
    both.other.reset();
    server.restart();
    CHECK(code(server.get("/api/top/tracks", {{"Priority", "u=6"}})) == ProblemCode::budget_spent);
    CHECK(quota_of(server).by_priority == QuotaUse{8, 0, 0});
}

TEST_CASE("while Redis is out requests go on, and nothing counted is lost") {
    Replicas both;
    auto& server = both.server;
    server.sign_in();
    both.redis.out = true;
    for (int i = 0; i < 4; ++i) CHECK(server.get("/api/player").status == 200);
    CHECK(quota_of(server).used == 5);
    CHECK(server.logged("limit_store_out").size() == 1);
    both.redis.out = false;
    server.run_until(
        [&] { return quota_of(server).used == 5 && server.logged("limit_store_back").size() == 1; });
    server.restart();
    CHECK(quota_of(server).used == 5);
}

}  // namespace cadenza::server
