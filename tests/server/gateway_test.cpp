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

// `times` requests of the same kind at once; their statuses.
std::vector<int> at_once(Harness& server, const std::vector<std::string>& targets) {
    std::vector<int> statuses;
    for (const auto& target : targets) {
        http::ClientRequest request{.origin = server.config.own_origin,
                                    .target = target,
                                    .headers = {{"Cookie", server.jar.header()}},
                                    .body = {}};
        asio::co_spawn(
            server.context,
            [&server, &statuses, request]() -> asio::awaitable<void> {
                auto answer = co_await server.client.send(request, std::chrono::seconds(20));
                statuses.push_back(answer ? answer->status : 0);
            },
            asio::detached);
    }
    while (statuses.size() < targets.size()) server.context.run_one();
    return statuses;
}

}  // namespace

TEST_CASE("fifty requests at expiry refresh once") {
    Harness server;
    server.sign_in();
    server.shift += 2 * 3'600'000;
    server.upstream.clear();
    std::vector<std::string> targets;
    for (int i = 0; i < 50; ++i) targets.push_back("/api/library/tracks?offset=" + std::to_string(i));
    CHECK(at_once(server, targets) == std::vector<int>(50, 200));
    CHECK(std::count_if(server.upstream.begin(), server.upstream.end(), is_token) == 1);
}

TEST_CASE("equal reads under way are one request") {
    Harness server;
    server.sign_in();
    server.upstream.clear();
    server.hold_until = server.received + 10;
    CHECK(at_once(server, std::vector<std::string>(10, "/api/top/tracks")) == std::vector<int>(10, 200));
    CHECK(count(server, "/me/top/tracks") == 1);
}

TEST_CASE("a grant that ended means signing in again, and no more questions") {
    Harness server;
    server.sign_in();
    server.shift += 2 * 3'600'000;
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        return http::ClientResponse{
            400, {}, R"({"error":"invalid_grant","error_description":"Refresh token revoked"})"};
    };
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::reauthorize);
    server.upstream.clear();
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::reauthorize);
    CHECK(server.upstream.empty());
    const auto session = decode<SessionInfo>(server.get("/api/session").body);
    CHECK(session->authenticated);
    CHECK(*session->reauthorize_at <= server.clock());
}

TEST_CASE("while the accounts service is out a living token goes on being used") {
    Harness server;
    server.sign_in();
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        return http::ClientResponse{503, {}, "Service Unavailable"};
    };
    server.shift += 3'600'000 - 30'000;  // within the margin
    CHECK(server.get("/api/library/tracks").status == 200);
    server.shift += 60'000;
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::upstream_unavailable);
    server.intercept = nullptr;
    CHECK(server.get("/api/library/tracks").status == 200);
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
