// What all answers share, whoever gives them: pages, refusals, methods, failures.

#include "tests/server/harness.hpp"
#include "tests/server/site.hpp"

#include <stdexcept>

namespace cadenza::server {
namespace {

std::string field(const http::ClientResponse& answer, std::string_view name) {
    return std::string(answer.headers.find(name).value_or(""));
}

// The answer's document, which must agree with its head.
Problem problem_in(const http::ClientResponse& answer) {
    CHECK(field(answer, "Content-Type") == "application/problem+json");
    auto parsed = decode<Problem>(answer.body, UnknownFields::refuse);
    REQUIRE(parsed);
    CHECK(parsed->status == answer.status);
    CHECK(parsed->request_id == field(answer, "X-Request-Id"));
    CHECK_FALSE(parsed->request_id.empty());
    return *parsed;
}

// From the bytes of one answer.
http::ClientResponse parse(const std::string& raw) {
    http::ClientResponse out;
    const auto end = raw.find("\r\n\r\n");
    REQUIRE(raw.starts_with("HTTP/1.1 "));
    REQUIRE(end != raw.npos);
    out.status = std::stoi(raw.substr(9, 3));
    out.body = raw.substr(end + 4);
    for (auto at = raw.find("\r\n"); at < end;) {
        const auto next = raw.find("\r\n", at + 2);
        const auto line = raw.substr(at + 2, next - at - 2);
        const auto colon = line.find(": ");
        out.headers.add(line.substr(0, colon), line.substr(colon + 2));
        at = next;
    }
    return out;
}

}  // namespace

TEST_CASE("what never became a request is answered by a problem with the same status, and logged") {
    Harness server;
    const auto own = server.config.own_origin.substr(7);
    const auto head = [&](const std::string& line, const std::string& fields = {}) {
        return line + "\r\nHost: " + own + "\r\n" + fields + "\r\n";
    };
    const std::string large(9'000, 'x');
    const std::vector<std::pair<int, std::string>> table{
        {400, head("GET //x HTTP/1.1")},
        {413, head("POST /api/edits HTTP/1.1", "Content-Length: 9999999\r\n")},
        {414, head("GET /" + large + " HTTP/1.1")},
        {417, head("GET / HTTP/1.1", "Expect: miracles\r\n")},
        {431, head("GET / HTTP/1.1", "X: " + large + large + "\r\n")},
        {501, head("BREW / HTTP/1.1")},
        {501, head("POST /api/edits HTTP/1.1", "Transfer-Encoding: gzip\r\n")},
        {505, head("GET / HTTP/2.0")}};
    for (const auto& [status, bytes] : table) {
        CAPTURE(status);
        server.lines.clear();
        const auto answer = parse(server.raw(bytes));
        CHECK(answer.status == status);
        const auto problem = problem_in(answer);
        const auto lines = server.logged("refused");
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].find("\"request_id\":\"" + problem.request_id + "\"") != std::string::npos);
        CHECK(lines[0].find("\"status\":" + std::to_string(status)) != std::string::npos);
        CHECK(lines[0].find("\"reason\":\"") != std::string::npos);
    }
}

TEST_CASE("a host that is not ours is told so by a problem") {
    Harness server;
    const auto answer = parse(server.raw("GET /api/session HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
    CHECK(answer.status == 421);
    CHECK(problem_in(answer).detail.find(server.config.own_origin) != std::string::npos);
}

TEST_CASE("a handler that throws is a bug with a name, and the page can read that much") {
    Harness server("http://127.0.0.1:9999");
    server.sign_in();
    server.intercept = [](const http::ClientRequest&) -> std::optional<http::ClientResponse> {
        throw std::runtime_error("a secret");
    };
    for (const bool read : {true, false}) {
        server.lines.clear();
        const http::Headers ours{{"Origin", "http://127.0.0.1:9999"}};
        const auto answer = read ? server.get("/api/library/tracks", ours)
                                 : server.post("/api/player/commands", "{\"pause\":{}}");
        CHECK(answer.status == 500);
        const auto problem = problem_in(answer);
        CHECK(code_of(problem) == ProblemCode::internal);
        CHECK(answer.body.find("secret") == std::string::npos);
        CHECK(field(answer, "Access-Control-Allow-Origin") == "http://127.0.0.1:9999");
        const auto bugs = server.logged("bug");
        REQUIRE(bugs.size() == 1);
        CHECK(bugs[0].find("a secret") != std::string::npos);
        CHECK(bugs[0].find(problem.request_id) != std::string::npos);
        CHECK(server.logged("request").size() == 1);
    }
    server.intercept = nullptr;
    CHECK(server.get("/api/library/tracks").status == 200);
}

TEST_CASE("an address that only answers reads says so") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    for (const auto* path : {"/auth/login", "/auth/callback", "/api/openapi.json", "/api/session", "/livez",
                             "/readyz", "/", "/search?q=a", "/sw.js"}) {
        CAPTURE(path);
        const auto answer = server.post(path);
        CHECK(answer.status == 405);
        CHECK(code_of(problem_in(answer)) == ProblemCode::method_not_allowed);
        CHECK(field(answer, "Allow") == "GET, HEAD");
    }
    const auto logout = server.get("/auth/logout");
    CHECK(logout.status == 405);
    CHECK(field(logout, "Allow") == "POST");
    CHECK(server.post("/nothing").status == 404);
    CHECK(server.get("/nothing").status == 404);
    const auto options =
        parse(server.raw("OPTIONS * HTTP/1.1\r\nHost: " + server.config.own_origin.substr(7) + "\r\n\r\n"));
    CHECK(options.status == 204);
}

TEST_CASE("pages of ours get the shell, anything else what it is") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    for (const auto* path :
         {"/", "/search?q=a|b", "/settings", "/library/tracks", "/album/0000000000000000000001"}) {
        CAPTURE(path);
        const auto page = server.get(path);
        CHECK(page.status == 200);
        CHECK(page.body == "<!doctype html><title>Cadenza</title>");
        CHECK(field(page, "Content-Type") == "text/html; charset=utf-8");
        CHECK(field(page, "Cache-Control") == "no-cache");
        CHECK(field(page, "Content-Security-Policy").find("require-trusted-types-for 'script'") !=
              std::string::npos);
        CHECK(field(page, "Cross-Origin-Opener-Policy") == "same-origin");
        CHECK_FALSE(page.headers.find("Set-Cookie"));
    }
    const auto script = server.get("/app.0123456789abcdef.js");
    CHECK(field(script, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(server.get("/playlist/short").status == 404);
    CHECK(server.get("/index.php").status == 404);
}

TEST_CASE("the shell is sent again only when it changed") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    const auto first = server.get("/");
    const auto again = server.get("/settings", {{"If-None-Match", field(first, "ETag")}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(field(again, "ETag") == field(first, "ETag"));
    CHECK(field(again, "Content-Security-Policy") == field(first, "Content-Security-Policy"));
    CHECK(server.get("/", {{"If-None-Match", "\"another\""}}).status == 200);
}

TEST_CASE("the worker changes with the headers of the page it caches, and has a policy of its own") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    const auto worker = server.get("/sw.js");
    CHECK(worker.status == 200);
    CHECK(worker.body.starts_with("self.addEventListener('fetch', () => {});\n"));
    const auto line = "self.cadenzaHeaders=\"" + http::fingerprint(server.config.security_policy()) + "\";\n";
    CHECK(worker.body.ends_with(line));
    const auto policy = field(worker, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; connect-src 'self'"));
    CHECK(policy.find("trusted-types") == std::string::npos);

    server.config.sdk_url = "https://sdk.example/spotify-player.js";
    server.serve(site.folder);
    CHECK(server.get("/sw.js").body != worker.body);
}

TEST_CASE("the page learns from config.json where its backend is") {
    const Site site;
    Harness server;
    server.serve(site.folder);
    CHECK(server.get("/config.json").body == "{\"backend\":\"\"}\n");
    server.config.backend_url = "https://api.example.org";
    server.serve(site.folder);
    const auto config = server.get("/config.json");
    CHECK(config.body == "{\"backend\":\"https://api.example.org\"}\n");
    CHECK(field(config, "Cache-Control") == "no-cache");
    CHECK(field(config, "Content-Type") == "application/json");
}

}  // namespace cadenza::server
