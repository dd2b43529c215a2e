#include "server/http/client.hpp"

#include "tests/http/live_server.hpp"
#include "tests/http/scripted_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// A client on a context of its own.
struct Caller {
    explicit Caller(Client::Options options = {}) : client(context.get_executor(), tls, options) {}

    Result<ClientResponse> send(ClientRequest request, std::chrono::milliseconds timeout = 10s) {
        return server::run(context, client.send(std::move(request), timeout));
    }
    Result<ClientResponse> get(const std::string& origin, std::chrono::milliseconds timeout = 10s) {
        return send({.origin = origin, .target = "/x"}, timeout);
    }

    asio::io_context context{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    Client client;
};

TEST_CASE("a connection is used again") {
    LiveServer server;
    Caller caller;
    for (int i = 0; i < 3; ++i) {
        const auto answer =
            caller.send({.method = Method::post, .origin = server.origin(), .target = "/x", .body = "abc"});
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(answer->body == "abc");
        CHECK(answer->headers.find("content-type") == "text/plain; charset=utf-8");
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("a request is written with its length, also when empty, and its host") {
    ScriptedServer server({{{ok, ok, ok}}});
    Caller caller;
    const Headers fields{{"Authorization", "Bearer x"}};
    REQUIRE(caller.send({.origin = server.origin(), .target = "/v1/me?x=1", .headers = fields}));
    REQUIRE(caller.send({.method = Method::put, .origin = server.origin(), .target = "/v1/me"}));
    REQUIRE(
        caller.send({.method = Method::post, .origin = server.origin(), .target = "/v1/me", .body = "{}"}));

    const auto host = "Host: " + server.origin().substr(7) + "\r\n";
    CHECK(server.requests() ==
          std::vector<std::string>{"GET /v1/me?x=1 HTTP/1.1\r\n" + host + "Authorization: Bearer x\r\n\r\n",
                                   "PUT /v1/me HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n",
                                   "POST /v1/me HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\n{}"});
}

TEST_CASE("answers of every framing are read") {
    const auto [raw, status, body] = GENERATE(table<std::string, int, std::string>({
        {ok, 200, "ok"},
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, ""},
        {"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", 302, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x\r\nk\r\n0\r\nT: 1\r\n\r\n", 200,
         "ok"},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the close", 200, "until the close"},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
        {"HTTP/1.1 100 Continue\r\n\r\n" + ok, 200, "ok"},
        {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok, 200, "ok"},
    }));
    CAPTURE(raw);
    ScriptedServer server({{{raw}}});
    const auto answer = Caller().get(server.origin());
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->body == body);
    CHECK(answer->headers.count("Link") == 0);
}

TEST_CASE("HEAD has no body, whatever length it names") {
    ScriptedServer server({{{"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", ok}}});
    Caller caller;
    const auto head = caller.send({.method = Method::head, .origin = server.origin(), .target = "/x"});
    REQUIRE(head);
    CHECK(head->headers.find("Content-Length") == "999");
    CHECK(head->body.empty());
    CHECK(caller.get(server.origin()));
    CHECK(server.accepted() == 1);
}

TEST_CASE("a broken answer is a failure of the other side") {
    const auto raw = GENERATE(
        as<std::string>(), "", "\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 034 Less than interim\r\n\r\nuntil the end");
    CAPTURE(raw);
    ScriptedServer server({{{raw}}});
    const auto answer = Caller().get(server.origin());
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
    CHECK_FALSE(connect_failed(answer.error()));
}

TEST_CASE("a server cannot send interim answers without end") {
    std::string hints;
    for (int i = 0; i < 1'000; ++i) hints += "HTTP/1.1 103 Early Hints\r\n\r\n";
    ScriptedServer server({{{hints + ok}}});
    const auto answer = Caller().get(server.origin());
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
}

TEST_CASE("an answer above the limits is cut") {
    const auto raw = GENERATE(as<std::string>(),
                              "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'),
                              "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'),
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                                  std::string(1001, 'x') + "\r\n0\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nX: " + std::string(1001, 'x') + "\r\n\r\n");
    ScriptedServer server({{{raw}}});
    Caller caller({.max_header = 1000, .max_body = 1000});
    const auto answer = caller.get(server.origin());
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
}

TEST_CASE("one deadline covers the whole exchange") {
    const auto sent = GENERATE(as<std::string>(), "", "HTTP/1.1 200 OK\r\nConte",
                               "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut");
    CAPTURE(sent);
    ScriptedServer server({{{sent}, true}, {{ok}}});
    Caller caller;
    const auto late = caller.get(server.origin(), 50ms);
    REQUIRE(late.has_error());
    CHECK(late.error().code == Errc::timed_out);
    CHECK_FALSE(connect_failed(late.error()));
    CHECK(server.requests().size() == 1);
    CHECK(caller.get(server.origin()));
}

TEST_CASE("a timeout that is over fails before anything is sent") {
    ScriptedServer server({{{ok}}});
    const auto late = Caller().get(server.origin(), 0ms);
    REQUIRE(late.has_error());
    CHECK(late.error().code == Errc::timed_out);
    CHECK(server.requests().empty());
}

TEST_CASE("nobody listening is a failed connection") {
    std::string origin;
    {
        const LiveServer gone;
        origin = gone.origin();
    }
    const auto answer = Caller().get(origin);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
    CHECK(connect_failed(answer.error()));
}

TEST_CASE("plain http goes to this machine only") {
    LiveServer server;
    const auto port = std::to_string(server.port());
    CHECK(Caller().get("http://localhost:" + port));
    const auto origin =
        GENERATE_COPY(as<std::string>(), "http://example.org", "http://10.0.0.1:" + port,
                      "http://127.0.0.1.example.org:" + port, "http://127.0.0.1@example.org:" + port,
                      "http://localhost:" + port + "@example.org", "http://127.0.0.2:" + port,
                      "http://0.0.0.0:" + port, "http://[::1", "ftp://127.0.0.1:" + port, "127.0.0.1:" + port,
                      "//127.0.0.1:" + port, "", "http://", "https://");
    CAPTURE(origin);
    const auto answer = Caller().get(origin);
    REQUIRE(answer.has_error());
    CHECK(connect_failed(answer.error()));
}

TEST_CASE("a request cannot be split") {
    LiveServer server;
    const std::string smuggled = "\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1";
    const auto bad = GENERATE_COPY(values<ClientRequest>({
        {.target = "/x HTTP/1.1" + smuggled},
        {.target = "/x y"},
        {.target = "/x\xE9"},
        {.target = "x"},
        {.target = "http://example.org/"},
        {.target = ""},
        {.target = "/x", .headers = {{"X", "1" + smuggled}}},
        {.target = "/x", .headers = {{"X", "1\n2"}}},
        {.target = "/x", .headers = {{"X", std::string("1\0002", 3)}}},
        {.target = "/x", .headers = {{"X: 1" + smuggled, "1"}}},
        {.target = "/x", .headers = {{"", "1"}}},
    }));
    CAPTURE(bad.target);
    auto request = bad;
    request.origin = server.origin();
    const auto answer = Caller().send(request);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::invalid_value);
    CHECK(server.requests().empty());
}

}  // namespace
}  // namespace cadenza::http
