// The whole matrix of where a request may say it comes from, against the rules written as a table.

#include "server/http/gate.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::http {
namespace {

const GateRules apart{.own_origin = "https://api.example.org",
                      .frontend_origin = "https://music.example.org"};
const GateRules together{.own_origin = "http://127.0.0.1:8000", .frontend_origin = "http://127.0.0.1:8000"};

// "pass", the refusal's code, or the status of the answer.
std::string outcome(const Decision& decision) {
    if (std::holds_alternative<Pass>(decision)) return "pass";
    if (const auto* failure = std::get_if<Failure>(&decision))
        return failure->code == ProblemCode::origin_refused   ? "origin_refused"
               : failure->code == ProblemCode::header_missing ? "header_missing"
                                                              : "another failure";
    return std::to_string(std::get<Response>(decision).status);
}

Request request(Method method, std::string path, Headers fields = {}) {
    Request out{.method = method, .path = std::move(path)};
    out.headers.add("Host", "api.example.org");
    for (const auto& [name, value] : fields) out.headers.add(name, value);
    return out;
}

struct Claim {
    std::string origin;   // "" sends no such field
    std::string cadenza;  // X-Cadenza
    std::string site;     // Sec-Fetch-Site
    std::string mode;     // Sec-Fetch-Mode
    std::string dest;     // Sec-Fetch-Dest
};

Headers fields_of(const Claim& claim) {
    Headers out;
    if (!claim.origin.empty()) out.add("Origin", claim.origin);
    if (!claim.cadenza.empty()) out.add("X-Cadenza", claim.cadenza);
    if (!claim.site.empty()) out.add("Sec-Fetch-Site", claim.site);
    if (!claim.mode.empty()) out.add("Sec-Fetch-Mode", claim.mode);
    if (!claim.dest.empty()) out.add("Sec-Fetch-Dest", claim.dest);
    return out;
}

// The rules in words, independent of the code under test.
std::string expected(Method method, const std::string& path, const Claim& claim, const GateRules& rules) {
    const bool good = claim.origin == rules.frontend_origin;
    const bool reads = method == Method::get || method == Method::head || method == Method::options;
    if (!reads) return !good ? "origin_refused" : claim.cadenza != "1" ? "header_missing" : "pass";
    const bool api = path == "/api" || path.substr(0, 5) == "/api/";
    if (api && (claim.site == "cross-site" || (claim.site == "same-site" && !good))) return "origin_refused";
    if (path == "/auth/login" && !claim.mode.empty() && claim.mode != "navigate") return "origin_refused";
    if (path == "/auth/login" && !claim.dest.empty() && claim.dest != "document") return "origin_refused";
    return "pass";
}

TEST_CASE("who may do what, by method, path and what the browser says") {
    const std::vector<Method> methods{Method::get, Method::head,    Method::post,
                                      Method::put, Method::delete_, Method::options};
    const std::vector<std::string> paths{"/api/session", "/api",           "/apix", "/auth/login",
                                         "/auth/logout", "/auth/callback", "/",     "/Api/session"};
    const std::vector<std::string> origins{"",
                                           "https://music.example.org",
                                           "null",
                                           "https://music.example.org.evil.example",
                                           "http://music.example.org",
                                           "https://api.example.org",
                                           "HTTPS://music.example.org"};
    std::size_t checked = 0;
    std::size_t passed = 0;
    for (const auto method : methods)
        for (const auto& path : paths)
            for (const auto& origin : origins)
                for (const std::string cadenza : {"", "1", "0", "1, 1"})
                    for (const std::string site :
                         {"", "none", "same-origin", "same-site", "cross-site", "odd"})
                        for (const std::string mode : {"", "navigate", "cors"})
                            for (const std::string dest : {"", "document", "iframe"}) {
                                const Claim claim{origin, cadenza, site, mode, dest};
                                const auto is = outcome(gate(request(method, path, fields_of(claim)), apart));
                                const auto should = expected(method, path, claim, apart);
                                ++checked;
                                passed += is == "pass" ? 1 : 0;
                                if (is == should) continue;
                                CAPTURE(name(method), path, origin, cadenza, site, mode, dest);
                                REQUIRE(is == should);
                            }
    CHECK(checked == 6u * 8 * 7 * 4 * 6 * 3 * 3);
    CHECK(passed > checked / 10);
    CHECK(passed < checked * 9 / 10);
}

TEST_CASE("the reason says what is missing") {
    const auto good = apart.frontend_origin;
    CHECK(outcome(gate(request(Method::post, "/api/edits"), apart)) == "origin_refused");
    CHECK(outcome(gate(request(Method::post, "/api/edits", {{"Origin", good}}), apart)) == "header_missing");
    CHECK(outcome(gate(request(Method::post, "/api/edits", {{"Origin", good}, {"X-Cadenza", "1"}}), apart)) ==
          "pass");
}

TEST_CASE("a preflight is answered to the app's own page only") {
    const auto preflight = [](const std::string& origin) {
        Headers fields{{"Access-Control-Request-Method", "POST"},
                       {"Access-Control-Request-Headers", "x-cadenza"},
                       {"Sec-Fetch-Site", "cross-site"}};
        if (!origin.empty()) fields.add("Origin", origin);
        return request(Method::options, "/api/edits", fields);
    };
    const auto allowed = preflight(apart.frontend_origin);
    auto decision = gate(allowed, apart);
    REQUIRE(outcome(decision) == "204");
    auto& response = std::get<Response>(decision);
    add_cors(allowed, apart, response);
    CHECK(
        response.headers ==
        Headers{{"Access-Control-Allow-Methods", "GET, POST, DELETE"},
                {"Access-Control-Allow-Headers", "Content-Type, Priority, X-Cadenza, X-Cadenza-Account"},
                {"Access-Control-Max-Age", "600"},
                {"Vary", "Origin"},
                {"Access-Control-Allow-Origin", "https://music.example.org"},
                {"Access-Control-Allow-Credentials", "true"},
                {"Access-Control-Expose-Headers", "RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"}});

    for (const std::string origin : {"", "null", "https://evil.example"})
        CHECK(outcome(gate(preflight(origin), apart)) == "origin_refused");
}

TEST_CASE("only the good origin can read an answer, whatever its status") {
    for (const int status : {200, 204, 304, 401, 403, 429, 500, 502, 503}) {
        const auto answer = [&](const std::string& path, const std::string& origin, const GateRules& rules) {
            auto from = request(Method::get, path);
            if (!origin.empty()) from.headers.add("Origin", origin);
            Response out{.status = status};
            add_cors(from, rules, out);
            return out.headers;
        };
        const auto good = answer("/api/session", apart.frontend_origin, apart);
        CHECK(good.find("Access-Control-Allow-Origin") == apart.frontend_origin);
        CHECK(good.find("Access-Control-Allow-Credentials") == "true");
        CHECK(good.find("Vary") == "Origin");
        CHECK(answer("/auth/logout", apart.frontend_origin, apart).count("Access-Control-Allow-Origin") == 1);
        for (const std::string other : {"", "null", "https://evil.example", "https://api.example.org", "*"})
            CHECK(answer("/api/session", other, apart) == Headers{{"Vary", "Origin"}});
        CHECK(answer("/assets/a.js", apart.frontend_origin, apart).empty());
        CHECK(answer("/apix", apart.frontend_origin, apart).empty());
        CHECK(answer("/api/session", together.frontend_origin, together) == Headers{{"Vary", "Origin"}});
    }
}

TEST_CASE("a loopback server answers to its own name only") {
    const auto with_host = [](const std::string& host, const std::string& path,
                              const std::string& query = {}) {
        return gate({.path = path, .query = query, .headers = {{"Host", host}}}, together);
    };
    CHECK(outcome(with_host("127.0.0.1:8000", "/")) == "pass");
    for (const std::string host : {"127.0.0.1", "127.0.0.1:8001", "[::1]:8000", "evil.example",
                                   "evil.example:8000", "127.0.0.1.nip.io:8000"}) {
        CAPTURE(host);
        CHECK(outcome(with_host(host, "/api/session")) == "421");
        CHECK(outcome(with_host(host, "/livez")) == "pass");
        CHECK(outcome(with_host(host, "/readyz")) == "pass");
    }
}

TEST_CASE("localhost is sent to the loopback address, path and query unchanged") {
    const auto location = [](const std::string& path, const std::string& query) {
        const auto decision =
            gate({.path = path, .query = query, .headers = {{"Host", "localhost:8000"}}}, together);
        const auto* response = std::get_if<Response>(&decision);
        REQUIRE(response);
        CHECK(response->status == 308);
        return std::string(response->headers.find("Location").value_or(""));
    };
    CHECK(location("/", "") == "http://127.0.0.1:8000/");
    CHECK(location("/auth/login", "return_to=%2Fsearch&x") ==
          "http://127.0.0.1:8000/auth/login?return_to=%2Fsearch&x");
    CHECK(location("/a b/?é", "") == "http://127.0.0.1:8000/a%20b/%3F%C3%A9");
    CHECK(outcome(gate({.method = Method::options, .path = "*", .headers = {{"Host", "localhost:8000"}}},
                       together)) == "421");
}

TEST_CASE("a server with a public name leaves hosts to its proxy") {
    CHECK(outcome(gate({.path = "/", .headers = {{"Host", "10.0.0.5:8000"}}}, apart)) == "pass");
    CHECK(outcome(gate({.path = "/", .headers = {{"Host", "localhost"}}}, apart)) == "pass");
}

}  // namespace
}  // namespace cadenza::http
