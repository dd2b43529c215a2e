// Every row of the endpoint table against every way a request may claim to come from the app's page: what is
// refused is refused with the right code, and changes nothing here or at Spotify.

#include "shared/api/endpoints.hpp"
#include "shared/api/problem.hpp"
#include "shared/base/json.hpp"
#include "tests/server/harness.hpp"

#include <algorithm>
#include <optional>

namespace cadenza::server {
namespace {

constexpr const char* some_id = "0000000000000000000001";

std::string target_of(const EndpointInfo& row) {
    std::string path(row.path);
    if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, some_id);
    if (path == "/api/search") path += "?q=a";
    if (path == "/api/library/contains") path += std::string("?uris=spotify:track:") + some_id;
    return path;
}

// A body that would do something, so that a gate left open shows.
std::string body_of(const EndpointInfo& row) {
    if (row.path == "/api/player/commands") return R"({"pause":{}})";
    if (row.path == "/api/edits")
        return std::string(R"({"id":"matrix-0001","change":{"like":{"uri":"spotify:track:)") + some_id +
               R"("}}})";
    return {};
}

// Why the gate refused; nullopt when the request got past it.
std::optional<ProblemCode> refusal(const http::ClientResponse& answer) {
    if (answer.status != 403) return std::nullopt;
    const auto problem = decode<Problem>(answer.body);
    REQUIRE(problem);
    const auto code = code_of(*problem);
    const bool by_gate = code == ProblemCode::origin_refused || code == ProblemCode::header_missing;
    return by_gate ? std::optional(code) : std::nullopt;
}

struct Claim {
    std::optional<std::string> origin;
    std::optional<std::string> cadenza;  // X-Cadenza
    std::optional<std::string> site;     // Sec-Fetch-Site
    std::optional<ProblemCode> refused;
};

http::ClientResponse send(Harness& server, const EndpointInfo& row, const Claim& claim) {
    http::Headers headers{{"Cookie", server.jar.header()}};
    if (claim.origin) headers.add("Origin", *claim.origin);
    if (claim.cadenza) headers.add("X-Cadenza", *claim.cadenza);
    if (claim.site) headers.add("Sec-Fetch-Site", *claim.site);
    auto body = is_safe(row.method) ? std::string() : body_of(row);
    if (!body.empty()) headers.add("Content-Type", "application/json");
    return server.ask(row.method, server.config.own_origin + target_of(row), std::move(headers),
                      std::move(body));
}

std::size_t rows(bool safe) {
    return static_cast<std::size_t>(
        std::count_if(endpoints.begin(), endpoints.end(),
                      [&](const EndpointInfo* row) { return is_safe(row->method) == safe; }));
}

bool signed_in(Harness& server) {
    return decode<SessionInfo>(server.get("/api/session").body)->authenticated;
}

TEST_CASE("a write from anywhere but the app's page is refused, row by row") {
    Harness server;
    server.sign_in();
    const auto good = server.config.frontend_url;
    const auto sibling = "http://127.0.0.1:1";  // same site, other origin
    const std::string evil = "https://evil.example";
    const auto header = ProblemCode::header_missing;
    const auto origin = ProblemCode::origin_refused;
    const std::vector<Claim> claims{
        {good, std::nullopt, std::nullopt, header}, {good, "", std::nullopt, header},
        {good, "0", std::nullopt, header},          {good, "true", "same-origin", header},
        {good, "1, 1", "same-origin", header},      {std::nullopt, "1", std::nullopt, origin},
        {std::nullopt, "1", "same-origin", origin}, {std::nullopt, std::nullopt, "none", origin},
        {"null", "1", std::nullopt, origin},        {sibling, "1", "same-site", origin},
        {evil, "1", "cross-site", origin},          {evil, std::nullopt, "cross-site", origin},
        {evil, "1", "same-origin", origin},         {good + ".evil.example", "1", std::nullopt, origin},
        {good + "/", "1", std::nullopt, origin},
    };
    server.upstream.clear();
    std::size_t refused = 0;
    for (const auto* row : endpoints) {
        if (is_safe(row->method)) continue;
        const bool takes_body = row->body->kind == json::Kind::choice || !row->body->fields.empty();
        CAPTURE(row->path);
        REQUIRE(takes_body == !body_of(*row).empty());
        for (const auto& claim : claims) {
            CAPTURE(claim.origin.value_or("(none)"), claim.cadenza.value_or("(none)"));
            const auto answer = send(server, *row, claim);
            CHECK(answer.status == 403);
            CHECK(refusal(answer) == claim.refused);
            CHECK_FALSE(answer.headers.find("Set-Cookie"));
            ++refused;
        }
    }
    CHECK(refused == claims.size() * rows(false));
    CHECK(rows(false) >= 5);
    CHECK(server.upstream.empty());
    CHECK(signed_in(server));
}

TEST_CASE("a read that another site's page asked for is refused, row by row") {
    Harness server;
    server.sign_in();
    const auto good = server.config.frontend_url;
    const std::string sibling = "http://127.0.0.1:1";
    const auto origin = ProblemCode::origin_refused;
    const std::vector<Claim> refused{
        {std::nullopt, "1", "cross-site", origin}, {"https://evil.example", "1", "cross-site", origin},
        {good, "1", "cross-site", origin},         {std::nullopt, "1", "same-site", origin},
        {sibling, "1", "same-site", origin},       {"null", "1", "same-site", origin},
    };
    const std::vector<Claim> passed{
        {std::nullopt, std::nullopt, std::nullopt, std::nullopt},
        {std::nullopt, std::nullopt, "none", std::nullopt},
        {std::nullopt, std::nullopt, "same-origin", std::nullopt},
        {good, std::nullopt, "same-origin", std::nullopt},
        {good, std::nullopt, "same-site", std::nullopt},
    };
    server.upstream.clear();
    for (const auto* row : endpoints) {
        if (!is_safe(row->method)) continue;
        CAPTURE(row->path);
        for (const auto& claim : refused) {
            CAPTURE(claim.origin.value_or("(none)"), claim.site.value_or("(none)"));
            const auto answer = send(server, *row, claim);
            CHECK(answer.status == 403);
            CHECK(refusal(answer) == claim.refused);
        }
    }
    CHECK(rows(true) >= 20);
    CHECK(server.upstream.empty());

    for (const auto* row : endpoints) {
        if (!is_safe(row->method)) continue;
        CAPTURE(row->path);
        for (const auto& claim : passed) {
            CAPTURE(claim.origin.value_or("(none)"), claim.site.value_or("(none)"));
            CHECK(refusal(send(server, *row, claim)) == std::nullopt);
        }
    }
    CHECK_FALSE(server.upstream.empty());
}

TEST_CASE("the app's own page may call every row") {
    Harness server;
    for (const auto* row : endpoints) {
        if (is_safe(row->method)) continue;
        CAPTURE(row->path);
        server.sign_in();  // some rows end the session
        const auto answer =
            send(server, *row, {server.config.frontend_url, "1", "same-origin", std::nullopt});
        if (answer.status == 204 || answer.status == 200) continue;
        // What Spotify says to it is its own business.
        const auto problem = decode<Problem>(answer.body);
        REQUIRE(problem);
        CAPTURE(problem->detail);
        for (const auto ours : {ProblemCode::origin_refused, ProblemCode::header_missing,
                                ProblemCode::invalid_body, ProblemCode::signed_out})
            CHECK(code_of(*problem) != ours);
    }
}

}  // namespace
}  // namespace cadenza::server
