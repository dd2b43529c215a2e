// Access tokens that end, and an accounts service that does not always help.

#include "server/session/refusal_breaker.hpp"
#include "tests/server/harness.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

// Sessions that are counted as having to sign in again.
double reauthorized(Harness& server) {
    server.app->measure();
    for (const auto& family : server.metrics.snapshot().families)
        for (const auto& series : family.series)
            if (family.name == "cadenza_sessions_ended_total" &&
                series.labels == std::vector<std::string>{"reauthorize"})
                return series.value;
    return -1;
}

ProblemCode code(const http::ClientResponse& response) {
    const auto parsed = decode<Problem>(response.body);
    REQUIRE(parsed);
    CHECK(parsed->status == response.status);
    return code_of(*parsed);
}

bool is_token(const http::ClientRequest& request) { return request.target.ends_with("/api/token"); }

auto answer_refresh(int status, std::string body) {
    return [=](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_token(request)) return std::nullopt;
        return http::ClientResponse{status, {}, body};
    };
}

const std::string invalid_grant = R"({"error":"invalid_grant","error_description":"Refresh token revoked"})";

}  // namespace

TEST_CASE("fifty requests at expiry refresh once") {
    Harness server;
    server.sign_in();
    server.shift += 2 * hour;
    server.upstream.clear();
    std::vector<http::ClientRequest> requests;
    for (int i = 0; i < 50; ++i)
        requests.push_back({.origin = server.config.own_origin,
                            .target = "/api/library/tracks?offset=" + std::to_string(i),
                            .headers = server.get_fields()});
    CHECK(server.at_once(requests) == std::vector<int>(50, 200));
    CHECK(std::count_if(server.upstream.begin(), server.upstream.end(), is_token) == 1);
}

TEST_CASE("a grant that ended means signing in again, and no more questions") {
    Harness server;
    server.sign_in();
    server.shift += 2 * hour;
    server.intercept = answer_refresh(400, invalid_grant);
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::reauthorize);
    server.upstream.clear();
    CHECK(code(server.get("/api/library/albums")) == ProblemCode::reauthorize);
    CHECK(server.upstream.empty());
    const auto session = decode<SessionInfo>(server.get("/api/session").body);
    CHECK(session->authenticated);
    CHECK(*session->reauthorize_at <= server.clock());
    CHECK(reauthorized(server) == 0);  // it may be taken back yet
    server.shift += 66'000;
    CHECK(reauthorized(server) == 1);
}

TEST_CASE("while the accounts service is out a living token goes on being used") {
    Harness server;
    server.sign_in();
    server.intercept = answer_refresh(503, "Service Unavailable");
    server.shift += hour - 30'000;  // within the margin
    CHECK(server.get("/api/library/tracks").status == 200);
    server.shift += 60'000;
    CHECK(code(server.get("/api/library/tracks")) == ProblemCode::upstream_unavailable);
    server.intercept = nullptr;
    CHECK(server.get("/api/library/tracks").status == 200);
}

TEST_CASE("a token that was refused during an outage of the accounts service costs no sign-in") {
    Harness server;
    server.sign_in();
    server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        return http::ClientResponse{is_token(request) ? 503 : 401, {}, ""};
    };
    const auto answer = server.get("/api/library/tracks");
    CHECK(answer.status == 502);
    CHECK(code(answer) == ProblemCode::upstream_unavailable);
    server.intercept = nullptr;
    CHECK(server.get("/api/library/tracks").status == 200);
}

TEST_CASE("a mistake of ours at the accounts service costs no sign-in") {
    Harness server;
    server.sign_in();
    server.shift += 2 * hour;
    for (const std::string error : {"invalid_client", "invalid_request", "unauthorized_client"}) {
        CAPTURE(error);
        server.lines.clear();
        server.intercept = answer_refresh(400, "{\"error\":\"" + error + "\"}");
        CHECK(code(server.get("/api/library/tracks")) == ProblemCode::upstream_unavailable);
        const auto lines = server.logged("token_request_refused");
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].find("\"level\":\"error\"") != std::string::npos);
        CHECK(lines[0].find(error) != std::string::npos);
    }
    server.intercept = nullptr;
    CHECK(server.get("/api/library/tracks").status == 200);
}

TEST_CASE("a refusal that another refresh has overtaken does not count") {
    Harness server;
    server.sign_in();
    server.shift += 2 * hour;
    const Secret ticket(server.jar.get("sid"));
    server.intercept = [&](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (request.headers.find("Authorization") == "Bearer winner")
            return http::ClientResponse{200, {}, R"({"items":[],"offset":0,"total":0})"};
        if (!is_token(request)) return std::nullopt;
        auto session = (**run(server.store.find(ticket, server.clock()))).session;
        session.account().grant.access_token = Secret("winner");
        session.account().grant.access_expires_at = server.clock() + hour;
        CHECK(run(server.store.replace(ticket, session)));
        return http::ClientResponse{400, {}, invalid_grant};
    };
    CHECK(server.get("/api/library/tracks").status == 200);
    CHECK_FALSE((**run(server.store.find(ticket, server.clock()))).session.account().reauthorize);
}

TEST_CASE("when Spotify refuses everybody nobody loses a sign-in for good") {
    Harness server;
    std::vector<Jar> browsers;
    for (int i = 0; i < 5; ++i) {
        server.jar = {};
        server.intercept = [i](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
            if (!request.target.ends_with("/me")) return std::nullopt;
            const auto id = "\"person-" + std::to_string(i) + "\"";
            return http::ClientResponse{200, {}, "{\"account_id\":" + id + ",\"id\":" + id + "}"};
        };
        server.sign_in();
        browsers.push_back(server.jar);
    }
    server.shift += 2 * hour;
    server.intercept = answer_refresh(400, invalid_grant);
    std::vector<int> statuses;
    for (const auto& browser : browsers) {
        server.jar = browser;
        statuses.push_back(server.get("/api/library/tracks").status);
    }
    CHECK(statuses == std::vector{401, 401, 503, 503, 503});
    const auto answer = server.get("/api/library/tracks");
    CHECK(code(answer) == ProblemCode::upstream_unavailable);
    CHECK(answer.headers.find("Retry-After"));
    CHECK(server.logged("refresh_refused_often").size() == 1);

    server.intercept = nullptr;
    server.shift += 66'000;
    CHECK(reauthorized(server) == 0);
    for (const auto& browser : browsers) {
        server.jar = browser;
        CHECK(server.get("/api/library/tracks").status == 200);
    }
}

TEST_CASE("refusals are counted by account and minute") {
    RefusalBreaker breaker;
    const auto refused = [&](const std::string& ticket, const std::string& account, std::int64_t now) {
        const auto until = breaker.count(account, now);
        if (!until) breaker.believe(Secret(ticket), now);
        return until;
    };
    CHECK_FALSE(refused("1", "a", 0));
    CHECK_FALSE(refused("2", "a", 1));
    CHECK_FALSE(refused("3", "a", 2));  // three browsers of one who withdrew
    CHECK_FALSE(refused("4", "b", 3));
    CHECK_FALSE(refused("5", "c", 60'003));  // the others are a minute old
    CHECK_FALSE(refused("6", "d", 60'004));
    CHECK_FALSE(breaker.open_until(60'004));
    CHECK(refused("7", "e", 60'005) == 120'005);
    CHECK(breaker.open(120'005, 60'005) == std::vector{Secret("5"), Secret("6")});
    CHECK(refused("8", "f", 60'006) == 120'005);
    CHECK(breaker.open(120'005, 60'006).empty());
    CHECK(breaker.open_until(120'004) == 120'005);
    CHECK_FALSE(breaker.open_until(120'005));
    CHECK_FALSE(refused("9", "g", 120'005));
}

TEST_CASE("who was believed for a minute was believed for good, however late the opening is heard of") {
    RefusalBreaker breaker;
    breaker.believe(Secret("1"), 0);
    breaker.believe(Secret("2"), 10'000);
    CHECK(breaker.may_forgive(62'000));
    CHECK(breaker.open(60'000 + 60'000, 62'000) == std::vector{Secret("2")});
    CHECK_FALSE(breaker.may_forgive(65'000));
    CHECK(breaker.final_count(64'999) == 0);
    CHECK(breaker.final_count(65'000) == 1);
    breaker.believe(Secret("3"), 200'000);
    CHECK(breaker.final_count(200'000) == 1);
}

TEST_CASE("who was counted as final stays counted, though an opening is heard of that forgives them") {
    RefusalBreaker breaker;
    breaker.believe(Secret("1"), 0);
    CHECK(breaker.final_count(66'000) == 1);
    CHECK(breaker.open(59'000 + 60'000, 66'000) == std::vector{Secret("1")});
    CHECK(breaker.final_count(66'000) == 1);
}

}  // namespace cadenza::server
