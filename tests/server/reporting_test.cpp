// Errors of the running server reach a Sentry; the page is told of its own.
#include "tests/http/scripted_server.hpp"
#include "tests/server/running.hpp"

namespace cadenza::server {
namespace {

const std::string accepted = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

http::ClientResponse post(Running& running, const std::string& url, std::string body) {
    std::optional<Result<http::ClientResponse>> answer;
    http::ClientRequest request{.method = Method::post,
                                .origin = url.substr(0, url.find('/', 8)),
                                .target = url.substr(url.find('/', 8)),
                                .headers = {},
                                .body = std::move(body)};
    asio::co_spawn(
        running.context, running.client.send(std::move(request), std::chrono::seconds(20)),
        [&](const std::exception_ptr&, Result<http::ClientResponse> got) { answer.emplace(std::move(got)); });
    while (!answer) running.context.run_one();
    REQUIRE(*answer);
    return std::move(**answer);
}

}  // namespace

TEST_CASE("an error of the server is at Sentry before it has stopped, without a secret") {
    http::ScriptedServer sentry({{{accepted, accepted}}});
    Running running({{"STATIC_DIR", ""}, {"SENTRY_DSN", "http://key@" + sentry.origin().substr(7) + "/9"}});
    REQUIRE(running.server.start());
    const auto login = running.get("/auth/login?demo=1");
    const auto authorize = Harness::location(login);
    const auto emulator = authorize.substr(0, authorize.find('/', 8));
    const auto back = Harness::location(running.ask(Method::get, authorize));
    CHECK(post(running, emulator + "/_emulator/faults",
               R"({"fault":"server_error","path":"/accounts/api/token","count":9})")
              .status < 300);
    CHECK(Harness::location(running.ask(Method::get, back)).find("problem=exchange") != std::string::npos);
    running.stop();

    const auto requests = sentry.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].starts_with("POST /api/9/envelope/ HTTP/1.1\r\n"));
    CHECK(requests[0].find("token_request_refused") != std::string::npos);
    CHECK(requests[0].find("\"environment\":\"demo\"") != std::string::npos);
    running.secrets.expect_none_in(requests);
}

TEST_CASE("a Sentry that refuses is told of in the log") {
    http::ScriptedServer sentry({{{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}}});
    Running running({{"STATIC_DIR", ""}, {"SENTRY_DSN", "http://key@" + sentry.origin().substr(7) + "/9"}});
    REQUIRE(running.server.start());
    const auto authorize = Harness::location(running.get("/auth/login?demo=1"));
    const auto back = Harness::location(running.ask(Method::get, authorize));
    post(running, authorize.substr(0, authorize.find('/', 8)) + "/_emulator/faults",
         R"({"fault":"server_error","path":"/accounts/api/token","count":9})");
    running.ask(Method::get, back);
    running.stop();
    CHECK(std::any_of(running.lines.begin(), running.lines.end(), [](const std::string& line) {
        return line.find("\"event\":\"sentry_refuses\",\"status\":403") != line.npos;
    }));
}

TEST_CASE("the page is given its DSN and may connect there, and only when there is one") {
    Running with({{"STATIC_DIR", ""}, {"SENTRY_DSN_CLIENT", "https://pagekey@errors.example/below/3"}});
    REQUIRE(with.server.start());
    CHECK(with.get("/api/config").body.find("\"sentry_dsn\":\"https://pagekey@errors.example/below/3\"") !=
          std::string::npos);
    Running without({{"STATIC_DIR", ""}});
    REQUIRE(without.server.start());
    CHECK(without.get("/api/config").body.find("sentry_dsn") == std::string::npos);
}

}  // namespace cadenza::server
