#include "tests/server/harness.hpp"

namespace cadenza::server {
namespace {

ProblemCode code(const http::ClientResponse& response) {
    const auto parsed = decode<Problem>(response.body);
    REQUIRE(parsed);
    return code_of(*parsed);
}

bool is_token(const http::ClientRequest& request) { return request.target.ends_with("/api/token"); }

auto answer_tracks(int status, std::string body, http::Headers headers = {}) {
    return [=](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.target.find("/me/tracks") == std::string::npos) return std::nullopt;
        return http::ClientResponse{status, headers, body};
    };
}

long count(const Harness& server, std::string_view part) {
    return std::count_if(server.upstream.begin(), server.upstream.end(),
                         [&](const auto& request) { return request.target.find(part) != std::string::npos; });
}

std::vector<int> at_once(Harness& server, const std::vector<std::string>& targets) {
    std::vector<http::ClientRequest> requests;
    for (const auto& target : targets)
        requests.push_back(
            {.origin = server.config.own_origin, .target = target, .headers = server.get_fields()});
    return server.at_once(requests);
}

}  // namespace

TEST_CASE("equal reads under way are one request") {
    Harness server;
    server.sign_in();
    server.upstream.clear();
    CHECK(at_once(server, std::vector<std::string>(10, "/api/top/tracks")) == std::vector<int>(10, 200));
    CHECK(count(server, "/me/top/tracks") == 1);
}

TEST_CASE("reads are tried twice, writes once") {
    Harness server;
    server.sign_in();
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (is_token(request)) return std::nullopt;
        return http::ClientResponse{502, {}, "<html>"};
    };
    server.upstream.clear();
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::upstream_unavailable);
    CHECK(server.upstream.size() == 2);
    server.upstream.clear();
    CHECK(server.post("/api/player/commands", "{\"pause\":{}}").status == 502);
    CHECK(server.upstream.size() == 1);
}

TEST_CASE("of many reads that fail only some are tried again") {
    Harness server;
    server.sign_in();
    bool failing = true;
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!failing || is_token(request)) return std::nullopt;
        return http::ClientResponse{502, {}, ""};
    };
    constexpr std::uint64_t failures = 26;
    for (std::uint64_t i = 0; i < failures; ++i) {
        // So many go well in between that the breaker stays closed.
        failing = false;
        for (int good = 0; good < 3; ++good) CHECK(server.get("/api/player").status == 200);
        failing = true;
        CHECK(server.get("/api/player").status == 502);
    }
    const auto retries = server.app->gateway_stats().retries;
    CHECK(retries >= 10);
    CHECK(retries < failures);
    CHECK(retries <= 10 + server.upstream.size() / 10);
}

TEST_CASE("a token that is refused after an outage is renewed all the same") {
    Harness server;
    server.sign_in();
    std::vector<int> script{502, 401};
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (script.empty() || is_token(request)) return std::nullopt;
        const auto status = script.front();
        script.erase(script.begin());
        return http::ClientResponse{status, {}, ""};
    };
    server.upstream.clear();
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK(count(server, "/me/tracks") == 3);
    CHECK(count(server, "/api/token") == 1);
}

TEST_CASE("a token is renewed once, not for ever") {
    Harness server;
    server.sign_in();
    server.intercept = answer_tracks(401, "");
    server.upstream.clear();
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::reauthorize);
    CHECK(count(server, "/me/tracks") == 2);
    CHECK(count(server, "/api/token") == 1);
}

TEST_CASE("what Spotify does not answer ends within the request's time") {
    Harness server;
    server.sign_in();
    server.config.limits.handler = std::chrono::seconds(2);
    server.stall = std::chrono::seconds(10);
    server.upstream.clear();
    server.timeouts.clear();
    const auto answer = server.get("/api/library/tracks");
    CHECK(answer.status == 504);
    CHECK(code(answer) == ProblemCode::upstream_timeout);
    CHECK(server.timeouts.size() == 1);
    CHECK(server.logged("handler_too_late").empty());
}

TEST_CASE("a write gets what is left of its request's time; a refresh and a read have a time of their own") {
    Harness server;
    server.sign_in();
    server.config.limits.handler = std::chrono::seconds(5);
    server.shift += 2 * 3'600'000;
    server.timeouts.clear();
    CHECK(server.post("/api/player/commands", "{\"pause\":{}}").status != 504);
    REQUIRE(server.timeouts.size() == 2);
    CHECK(server.timeouts[0] > std::chrono::milliseconds(9'000));
    CHECK(server.timeouts[1] <= std::chrono::milliseconds(4'000));
    server.timeouts.clear();
    server.intercept = answer_tracks(502, "");
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::upstream_unavailable);
    REQUIRE(server.timeouts.size() == 2);
    for (const auto timeout : server.timeouts) {
        CHECK(timeout > std::chrono::milliseconds(4'000));
        CHECK(timeout <= std::chrono::milliseconds(10'000));
    }
}

TEST_CASE("whoever waits for a slow refresh waits no longer than the request may take") {
    Harness server;
    server.sign_in();
    server.config.limits.handler = std::chrono::seconds(2);
    server.shift += 2 * 3'600'000;
    server.stall = std::chrono::seconds(10);
    const auto answer = server.get("/api/library/tracks");
    CHECK(answer.status == 504);
    CHECK(code(answer) == ProblemCode::upstream_timeout);
    CHECK(server.logged("handler_too_late").empty());
}

TEST_CASE("no handler keeps a page waiting, whatever it waits for") {
    Harness server("http://127.0.0.1:9999");
    server.sign_in();
    server.config.limits.handler = std::chrono::milliseconds(300);
    server.stuck = true;
    const auto answer = server.post("/api/player/commands", "{\"pause\":{}}");
    CHECK(answer.status == 504);
    CHECK(code(answer) == ProblemCode::upstream_timeout);
    CHECK(answer.headers.find("Access-Control-Allow-Origin") == "http://127.0.0.1:9999");
    CHECK(server.logged("handler_too_late").size() == 1);
}

TEST_CASE("equal reads of two sessions are two, so that one's trouble is not the other's") {
    Harness server;
    server.sign_in();
    const auto first = server.get_fields();
    const auto dead = "Bearer " + decode<PlayerToken>(server.post("/api/player/token").body)->access_token;
    server.jar = {};
    server.sign_in();
    const auto second = server.get_fields();
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.headers.find("Authorization") == dead) return http::ClientResponse{403, {}, ""};
        return std::nullopt;
    };
    std::vector<http::ClientRequest> requests;
    for (const auto& fields : {first, second, first, second})
        requests.push_back(
            {.origin = server.config.own_origin, .target = "/api/top/tracks", .headers = fields});
    server.upstream.clear();
    auto statuses = server.at_once(requests);
    std::sort(statuses.begin(), statuses.end());
    CHECK(statuses == std::vector{200, 200, 403, 403});
    CHECK(count(server, "/me/top/tracks") == 2);
}

TEST_CASE("while Spotify wants us to wait nothing is asked") {
    Harness server;
    server.sign_in();
    server.intercept =
        answer_tracks(429, R"({"error":{"status":429,"message":"x"}})", {{"Retry-After", "30"}});
    auto refused = server.get("/api/library/tracks");
    CHECK(code(refused) == ProblemCode::rate_limited);
    CHECK(refused.headers.find("Retry-After"));
    server.upstream.clear();
    refused = server.get("/api/library/albums");
    CHECK(code(refused) == ProblemCode::rate_limited);
    CHECK(server.upstream.empty());
    server.shift += 31'000;
    CHECK(server.get("/api/library/albums").status == 200);

    server.intercept =
        answer_tracks(429, R"({"error":{"status":429,"message":"x","reason":"QUOTA_EXCEEDED"}})",
                      {{"Retry-After", "40000"}});
    server.upstream.clear();
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::quota_cooldown);
    CHECK(server.upstream.size() == 1);
}

TEST_CASE("what Spotify refuses says who must do what") {
    Harness server;
    server.sign_in();
    const auto says = [&](int status, std::string body) {
        server.intercept = answer_tracks(status, std::move(body));
        return code(server.get("/api/library/tracks"));
    };
    CHECK(says(403, "Active premium subscription required for the owner of the app.") ==
          ProblemCode::owner_not_premium);
    CHECK(says(403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.") ==
          ProblemCode::not_registered);
    CHECK(says(403, R"({"error":{"status":403,"message":"Forbidden"}})") == ProblemCode::restricted);
    CHECK(says(403,
               R"({"error":{"status":403,"message":"Player command failed","reason":"PREMIUM_REQUIRED"}})") ==
          ProblemCode::premium_required);
    CHECK(says(404, R"({"error":{"status":404,"message":"x","reason":"NO_ACTIVE_DEVICE"}})") ==
          ProblemCode::no_active_device);
    CHECK(says(404, R"({"error":{"status":404,"message":"Device not found"}})") ==
          ProblemCode::device_not_found);
    CHECK(says(200, "<html>") == ProblemCode::upstream_unavailable);
}

TEST_CASE("one unreadable item does not cost a page") {
    Harness server;
    server.sign_in();
    server.intercept = answer_tracks(
        200,
        R"~({"items":[null,{"added_at":"2026-01-02T03:04:05Z","track":null},{"added_at":"2026-01-02T03:04:05Z","track":{"id":null,"name":"local","artists":[],"duration_ms":1}},)~"
        R"~({"added_at":"2026-01-02T03:04:05Z","track":{"id":"0000000000000000000001","name":"Good","artists":[{"id":null,"name":"x"}],"duration_ms":1000,"explicit":false,"type":"track"}}],"offset":0,"total":4})~");
    const auto page = decode<SavedTrackPage>(server.get("/api/library/tracks").body, UnknownFields::refuse);
    REQUIRE(page);
    CHECK(page->items.size() == 1);
    CHECK(page->dropped == 3);
    CHECK(page->total == 4);
}

}  // namespace cadenza::server
