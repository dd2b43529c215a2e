#include "server/doctor/spotify.hpp"

#include "tests/doctor/settings_of.hpp"

namespace cadenza::server::doctor {
namespace {

Asked answered(int status, std::string body = "{}") {
    return {.status = status, .unreachable = "", .body = std::move(body), .ahead = {}};
}

bool mentions(const Finding& finding, std::string_view word) {
    return (finding.what + finding.todo).find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("dates of answers") {
    CHECK(parse_http_date("Tue, 24 Nov 2026 01:02:03 GMT") == 1'795'482'123'000);
    CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    for (const std::string bad : {"", "now", "Tue, 24 Nov 2026 01:02:03 CET",
                                  "Tue, 24 Nov 2026 01:02:03 GMT+1", "2026-11-24T01:02:03Z"})
        CHECK_FALSE(parse_http_date(bad));
}

TEST_CASE("a service answers, has trouble, or cannot be reached") {
    CHECK(service("api", "SPOTIFY_API_URL", answered(401)).state == State::ok);
    CHECK(service("api", "SPOTIFY_API_URL", answered(503)).state == State::warning);
    Asked none;
    none.unreachable = "connect: resolve: Host not found";
    const auto out = service("api", "SPOTIFY_API_URL", none);
    CHECK(out.state == State::failed);
    CHECK(mentions(out, "Host not found"));
    CHECK(mentions(out, "SPOTIFY_API_URL"));
}

TEST_CASE("the app's credentials") {
    const auto config = app();
    CHECK(credentials(config, answered(200)).state == State::ok);
    CHECK(credentials(config, Asked{}).state == State::skipped);
    CHECK(credentials(config, answered(429)).state == State::skipped);
    CHECK(credentials(config, answered(502)).state == State::skipped);

    const auto id = credentials(
        config, answered(400, R"({"error":"invalid_client","error_description":"Invalid client"})"));
    CHECK(id.state == State::failed);
    CHECK(mentions(id, "SPOTIFY_CLIENT_ID"));
    CHECK_FALSE(mentions(id, "this one is not"));

    const auto secret = credentials(
        config, answered(401, R"({"error":"invalid_client","error_description":"Invalid client secret"})"));
    CHECK(secret.state == State::failed);
    CHECK(secret.todo.starts_with("copy SPOTIFY_CLIENT_SECRET again"));

    auto typo = config;
    typo.client_id = "my-app";
    CHECK(mentions(credentials(typo, answered(400, R"({"error":"invalid_client"})")), "this one is not"));
}

TEST_CASE("of an answer nothing is repeated but what is known") {
    const auto config = app();
    const auto known = credentials(config, answered(400, R"({"error":"unauthorized_client"})"));
    CHECK(known.what == "Spotify answered 400 unauthorized_client");
    for (const std::string body : {R"({"error":"hush-hush"})", "hush-hush",
                                   R"({"error":"invalid_client","error_description":"hush-hush"})"}) {
        const auto out = credentials(config, answered(400, body));
        CHECK(out.state == State::failed);
        CHECK_FALSE(mentions(out, "hush-hush"));
    }
}

TEST_CASE("the clock") {
    using namespace std::chrono_literals;
    CHECK(clock({}).state == State::skipped);
    for (const auto near : {0ms, 2000ms, -2000ms}) CHECK(clock(near).state == State::ok);
    CHECK(clock(2001ms).state == State::warning);
    CHECK(clock(-30s).what == "30 s slow");
    CHECK(clock(-30s).state == State::warning);
    CHECK(clock(31s).what == "31 s fast");
    CHECK(clock(31s).state == State::failed);
}

}  // namespace cadenza::server::doctor
