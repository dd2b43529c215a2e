// Every address of the server, in the endpoint table or not, with every method and every way a request may
// claim to come from the app's page: the gate decides before anything knows what the address is.

#include "shared/api/endpoints.hpp"
#include "shared/api/pages.hpp"
#include "tests/server/harness.hpp"
#include "tests/server/site.hpp"

#include <set>

namespace cadenza::server {
namespace {

constexpr Method methods[] = {Method::get, Method::head,    Method::post,
                              Method::put, Method::delete_, Method::options};

struct Claim {
    std::string name;
    std::optional<std::string> origin;
    std::optional<std::string> cadenza;  // X-Cadenza
    std::optional<std::string> site;     // Sec-Fetch-Site
};

std::set<std::string> addresses(const Config& config) {
    std::set<std::string> out{
        "/",      "/search",           "/settings",   "/livez",        "/readyz",
        "/sw.js", "/config.json",      "/nothing",    "/api",          "/api/nothing",
        "/auth",  "/api/openapi.json", "/auth/login", "/auth/nothing", config.redirect_path()};
    for (const auto* row : endpoints) {
        std::string path(row->path);
        if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, "0000000000000000000001");
        out.insert(std::move(path));
    }
    return out;
}

// What the gate said; nullopt when the request got past it.
std::optional<ProblemCode> refusal(const http::ClientResponse& answer) {
    if (answer.status != 403) return std::nullopt;
    const auto problem = decode<Problem>(answer.body);
    // HEAD has no body to say it in.
    const auto code = problem ? code_of(*problem) : ProblemCode::origin_refused;
    const bool by_gate = code == ProblemCode::origin_refused || code == ProblemCode::header_missing;
    return by_gate ? std::optional(code) : std::nullopt;
}

http::ClientResponse send(Harness& server, Method method, const std::string& path, const Claim& claim) {
    http::Headers headers{{"Cookie", server.jar.header()}};
    if (claim.origin) headers.add("Origin", *claim.origin);
    if (claim.cadenza) headers.add("X-Cadenza", *claim.cadenza);
    if (claim.site) headers.add("Sec-Fetch-Site", *claim.site);
    return server.ask(method, server.config.own_origin + path, std::move(headers));
}

bool is_api(const std::string& path) { return path == "/api" || path.starts_with("/api/"); }

}  // namespace

TEST_CASE("no write gets past the gate unless it comes from the app's page with its header") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    server.sign_in();
    const auto good = server.config.frontend_url;
    const std::string sibling = "http://127.0.0.1:1";
    const std::string cross = "https://evil.example";
    const auto header = ProblemCode::header_missing;
    const auto origin = ProblemCode::origin_refused;
    const std::vector<std::pair<Claim, ProblemCode>> claims{
        {{"no header", good, std::nullopt, "same-origin"}, header},
        {{"a wrong header", good, "yes", "same-origin"}, header},
        {{"no Origin", std::nullopt, "1", std::nullopt}, origin},
        {{"a null Origin", "null", "1", std::nullopt}, origin},
        {{"a sibling's Origin", sibling, "1", "same-site"}, origin},
        {{"another site's Origin", cross, "1", "cross-site"}, origin},
        {{"nothing at all", std::nullopt, std::nullopt, std::nullopt}, origin},
    };
    server.upstream.clear();
    std::size_t refused = 0;
    for (const auto& path : addresses(server.config))
        for (const auto method : methods) {
            if (is_safe(method)) continue;
            for (const auto& [claim, code] : claims) {
                CAPTURE(path, name(method), claim.name);
                const auto answer = send(server, method, path, claim);
                CHECK(refusal(answer) == code);
                CHECK_FALSE(answer.headers.find("Set-Cookie"));
                ++refused;
            }
            CAPTURE(path, name(method));
            if (method == Method::put)  // no address has it, so it ends no session
                CHECK(refusal(send(server, method, path, {"good", good, "1", "same-origin"})) ==
                      std::nullopt);
        }
    CHECK(refused > 500);
    CHECK(server.upstream.empty());
    CHECK(decode<SessionInfo>(server.get("/api/session").body)->authenticated);
}

TEST_CASE("no read below /api gets past the gate for another site's page") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    const auto good = server.config.frontend_url;
    const std::vector<std::pair<Claim, bool>> claims{
        {{"another site's fetch", "https://evil.example", "1", "cross-site"}, true},
        {{"another site's image", std::nullopt, std::nullopt, "cross-site"}, true},
        {{"a sibling's page", "http://127.0.0.1:1", "1", "same-site"}, true},
        {{"a sandboxed page", "null", "1", "same-site"}, true},
        {{"our page", good, std::nullopt, "same-origin"}, false},
        {{"our page at its own origin", good, std::nullopt, "same-site"}, false},
        {{"no browser", std::nullopt, std::nullopt, std::nullopt}, false},
        {{"a word of the future", std::nullopt, std::nullopt, "same-planet"}, false},
    };
    std::size_t refused = 0;
    for (const auto& path : addresses(server.config))
        for (const auto method : methods) {
            if (!is_safe(method)) continue;
            for (const auto& [claim, foreign] : claims) {
                CAPTURE(path, name(method), claim.name);
                const bool stopped = refusal(send(server, method, path, claim)).has_value();
                CHECK(stopped == (foreign && is_api(path)));
                refused += stopped ? 1 : 0;
            }
        }
    CHECK(refused > 250);
}

}  // namespace cadenza::server
