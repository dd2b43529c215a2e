// What a client sees of rates, readiness and schemes.

#include "server/http/answer_head.hpp"
#include "tests/server/harness.hpp"

#include <boost/asio/read_until.hpp>

namespace cadenza::server {
namespace {

struct Limited : Harness {
    explicit Limited(http::RateRule rule, const std::string& frontend = "") : Harness(frontend) {
        config.rate_limit = rule;
        app = std::make_unique<App>(*services, std::nullopt);
    }
};

std::string field(const http::ClientResponse& answer, std::string_view name) {
    return std::string(answer.headers.find(name).value_or(""));
}

// One member of a list in structured-field syntax: "name";q=1;w=2. Gives the numbers.
std::map<std::string, std::int64_t> item(std::string_view text, std::string_view name) {
    std::map<std::string, std::int64_t> out;
    const auto quoted = "\"" + std::string(name) + "\"";
    REQUIRE(text.starts_with(quoted));
    text.remove_prefix(quoted.size());
    while (!text.empty()) {
        REQUIRE(text.size() >= 4);
        REQUIRE(text[0] == ';');
        REQUIRE((text[1] >= 'a' && text[1] <= 'z'));
        REQUIRE(text[2] == '=');
        const auto end = std::min(text.find(';', 1), text.size());
        const auto digits = text.substr(3, end - 3);
        REQUIRE(digits.find_first_not_of("0123456789") == digits.npos);
        out[std::string(1, text[1])] = std::stoll(std::string(digits));
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace

TEST_CASE("a client that asks too often is told when to come back, and may read it") {
    const std::string page = "http://127.0.0.1:9999";
    Limited server({600'000'000, 3}, page);
    std::int64_t last = 3;
    for (int i = 0; i < 3; ++i) {
        const auto answer = server.get("/api/config", {{"Origin", page}});
        CHECK(answer.status == 200);
        const auto policy = item(field(answer, "RateLimit-Policy"), "address");
        CHECK(policy == std::map<std::string, std::int64_t>{{"q", 3}, {"w", 1'800}});
        const auto limit = item(field(answer, "RateLimit"), "address");
        CHECK(limit.at("r") == --last);
        CHECK(limit.at("t") <= policy.at("w"));
        CHECK(field(answer, "RateLimit").find("127.0.0.1") == std::string::npos);
    }
    const auto refused = server.get("/api/config", {{"Origin", page}});
    CHECK(refused.status == 429);
    CHECK(field(refused, "Content-Type") == "application/problem+json");
    const auto problem = decode<Problem>(refused.body);
    REQUIRE(problem);
    CHECK(code_of(*problem) == ProblemCode::rate_limited);
    CHECK(problem->retry_at);
    const auto wait = std::stoi(field(refused, "Retry-After"));
    CHECK(wait > 590);
    CHECK(wait <= 600);
    CHECK(item(field(refused, "RateLimit"), "address").at("r") == 0);
    CHECK(field(refused, "Access-Control-Allow-Origin") == page);
    CHECK(field(refused, "Access-Control-Expose-Headers").find("RateLimit, RateLimit-Policy, Retry-After") !=
          std::string::npos);
    // Pages, files and probes are nobody's business.
    for (const auto* path : {"/livez", "/readyz", "/"}) {
        CHECK(server.get(path).status != 429);
        CHECK_FALSE(server.get(path).headers.find("RateLimit"));
    }
    CHECK(server.get("/auth/login").status == 429);
    // Time heals.
    server.shift = 600'000;
    CHECK(server.get("/api/config").status == 200);
}

TEST_CASE("the app's page reads of a refusal by the listener when to come back, and no other page does") {
    const std::string page = "http://127.0.0.1:9999";
    Harness server(page);
    http::ListenerOptions options;
    options.limits.connections_per_address = 1;
    options.trusted_proxies = {*http::Network::parse("127.0.0.1")};
    options.refuse = [&](const http::Refusal& refusal, const http::Request& request) {
        return server.app->refuse(refusal, request);
    };
    http::Listener full(
        server.context.get_executor(),
        [&](http::Request request) { return server.app->handle(std::move(request)); }, std::move(options));
    REQUIRE(full.bind("127.0.0.1", 0));
    full.start();
    // Its only place is taken by a request whose body is awaited.
    asio::ip::tcp::socket held(server.context);
    held.connect({asio::ip::address_v4::loopback(), full.port()});
    asio::write(held, asio::buffer(std::string("POST /auth/logout HTTP/1.1\r\nHost: h\r\n"
                                               "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n")));
    std::string go_on;
    bool taken = false;
    asio::async_read_until(held, asio::dynamic_buffer(go_on), "\r\n\r\n",
                           [&](const auto&, auto) { taken = true; });
    server.run_until([&] { return taken; });
    REQUIRE(go_on.starts_with("HTTP/1.1 100"));
    const auto ask = [&](const std::string& path, const std::string& origin) {
        return server.ask(Method::get, "http://127.0.0.1:" + std::to_string(full.port()) + path,
                          {{"Origin", origin}});
    };
    const auto refused = ask("/api/config", page);
    CHECK(refused.status == 429);
    CHECK(field(refused, "Retry-After") == "1");
    CHECK(field(refused, "Access-Control-Allow-Origin") == page);
    CHECK(field(refused, "Access-Control-Allow-Credentials") == "true");
    CHECK(field(refused, "Access-Control-Expose-Headers").find("Retry-After") != std::string::npos);
    CHECK(field(refused, "Vary") == "Origin");
    for (const auto& [path, origin] : std::vector<std::pair<std::string, std::string>>{
             {"/api/config", "https://evil.example"}, {"/", page}}) {
        CAPTURE(path, origin);
        const auto other = ask(path, origin);
        CHECK(other.status == 429);
        CHECK_FALSE(other.headers.find("Access-Control-Allow-Origin"));
    }
}

TEST_CASE("the app's page reads why its body was refused") {
    const std::string page = "http://127.0.0.1:9999";
    Harness server(page);
    const auto answer = server.raw("POST /api/edits HTTP/1.1\r\nHost: h\r\nOrigin: " + page +
                                   "\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.find("\r\nAccess-Control-Allow-Origin: " + page + "\r\n") != std::string::npos);
}

TEST_CASE("a session is counted beside its address, and a made up one is none") {
    Limited server({60'000'000, 200});
    server.sign_in();
    const auto answer = server.get("/api/config");
    const auto limit = field(answer, "RateLimit");
    const auto comma = limit.find(", ");
    REQUIRE(comma != limit.npos);
    const auto by_session = item(std::string_view(limit).substr(comma + 2), "session");
    CHECK(by_session.at("r") == 199);
    CHECK(limit.find(server.jar.get("sid")) == std::string::npos);
    server.jar.set("sid", "short");
    CHECK(field(server.get("/api/config"), "RateLimit").find("session") == std::string::npos);
}

TEST_CASE("what the gate refuses is not counted") {
    Limited server({600'000'000, 2});
    for (int i = 0; i < 5; ++i)
        CHECK(server.ask(Method::post, server.config.own_origin + "/auth/logout").status == 403);
    CHECK(server.get("/api/config").status == 200);
}

TEST_CASE("the redirect URI is counted wherever it is, and pages are not") {
    Harness server;
    server.config.redirect_uri = server.config.own_origin + "/back";
    server.config.rate_limit = http::RateRule{600'000'000, 2};
    server.app = std::make_unique<App>(*server.services, std::nullopt);
    for (int i = 0; i < 5; ++i) CHECK(server.get("/settings").status == 404);
    for (int i = 0; i < 2; ++i) CHECK(server.get("/back?code=x&state=y").status == 303);
    CHECK(server.get("/back?code=x&state=y").status == 429);
}

TEST_CASE("readiness is about named conditions, being alive about none") {
    Harness server;
    server.app->readiness().report("store", false, server.clock());
    CHECK(server.get("/readyz").status == 200);
    server.shift = 6'000;
    const auto unready = server.get("/readyz");
    CHECK(unready.status == 503);
    CHECK(unready.body == "not ready: store\n");
    CHECK(server.get("/livez").status == 200);
    server.app->readiness().report("store", true, server.clock());
    CHECK(server.get("/readyz").status == 503);
    server.shift = 9'000;
    CHECK(server.get("/readyz").body == "ready\n");
}

TEST_CASE("HSTS is said over https only") {
    Harness server;
    server.config.own_origin = "https://music.example.org";
    server.app = std::make_unique<App>(*server.services, std::nullopt);
    const auto says = [&](std::optional<bool> secure) {
        http::Request request{.path = "/livez", .headers = {{"Host", "music.example.org"}}, .secure = secure};
        std::optional<http::Response> response;
        asio::co_spawn(server.context, server.app->handle(request),
                       [&](const std::exception_ptr&, http::Response got) { response = std::move(got); });
        while (!response) server.context.run_one();
        return http::render_head(*response, true).find("\r\nStrict-Transport-Security: ") !=
               std::string::npos;
    };
    CHECK(says(true));
    CHECK(says(std::nullopt));  // behind a proxy that nobody vouches for
    CHECK_FALSE(says(false));
}

}  // namespace cadenza::server
