#include "server/http/listener.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <stdexcept>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

std::string get(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

// Answers with the path; "/slow" takes a moment.
asio::awaitable<Response> name_path(Request request) {
    if (request.path == "/slow") {
        asio::steady_timer timer(co_await asio::this_coro::executor, 20ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return Response::text(200, request.path);
}

TEST_CASE("a connection serves one request after the other") {
    LiveServer server({}, name_path);
    Peer peer(server.port());
    for (const std::string path : {"/1", "/2", "/3"}) {
        peer.send(get(path));
        const auto answers = answers_in(peer.read_until(path));
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].body == path);
        CHECK(answers[0].field("connection").empty());
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("pipelined requests are answered in order, one at a time") {
    LiveServer server({}, name_path);
    const auto raw =
        ask(server, get("/slow") + get("/a") + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" +
                        "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
                        "3\r\nabc\r\n0\r\n\r\n" + get("/slow") + get("/d"));
    std::string order;
    for (const auto& answer : answers_in(raw)) order += answer.body;
    CHECK(order == "/slow/a/b/c/slow/d");
}

TEST_CASE("a hundred pipelined requests are all answered") {
    LiveServer server({}, name_path);
    std::string all;
    for (int i = 0; i < 100; ++i) all += get("/" + std::to_string(i), "X: " + std::string(200, 'x') + "\r\n");
    const auto answers = answers_in(ask(server, all));
    REQUIRE(answers.size() == 100);
    CHECK(answers.back().body == "/99");
}

TEST_CASE("a connection closes after its last allowed request") {
    LiveServer server({.limits = {.requests_per_connection = 2}}, name_path);
    const auto answers = answers_in(ask(server, get("/1") + get("/2") + get("/3")));
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].field("connection").empty());
    CHECK(answers[1].field("connection") == "close");
}

TEST_CASE("HEAD is answered as GET without the body, also when refused") {
    LiveServer server({}, name_path);
    const auto raw = ask(server, "HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\nHEAD //x HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answers = answers_in(raw, {"HEAD", "HEAD"});
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].status == 200);
    CHECK(answers[0].field("content-length") == "4");
    CHECK(answers[1].status == 400);
    CHECK(answers[1].field("connection") == "close");
}

TEST_CASE("100 Continue is sent when a body is awaited, and not before a refusal") {
    LiveServer server;
    const std::string expecting = "POST /ok HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: ";

    Peer peer(server.port());
    peer.send(expecting + "3\r\n\r\n");
    CHECK(peer.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("abc");
    peer.finish();
    CHECK(answers_in(peer.read_all())[0].body == "abc");

    const auto at_once = answers_in(ask(server, expecting + "3\r\n\r\nabc"));
    REQUIRE(at_once.size() == 1);
    CHECK(at_once[0].body == "abc");
    const auto refused = answers_in(ask(server, expecting + "99999999\r\n\r\n"));
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].status == 413);
}

TEST_CASE("a throwing handler becomes a bare 500 and a line in the log") {
    std::vector<std::string> bugs;
    ListenerOptions options;
    options.log_bug = [&](std::string_view what) { bugs.emplace_back(what); };
    LiveServer server(options, [](Request request) -> asio::awaitable<Response> {
        if (request.path == "/early") throw std::runtime_error("early");
        return [](std::string path) -> asio::awaitable<Response> {
            if (path == "/number") throw 7;
            if (path == "/late") throw std::runtime_error("secret");
            co_return Response::text(200, "fine");
        }(request.path);
    });

    const auto answers = answers_in(ask(server, get("/late") + get("/early") + get("/number") + get("/ok")));

    REQUIRE(answers.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(answers[i].status == 500);
        CHECK(answers[i].body == "internal\n");
    }
    CHECK(answers[3].body == "fine");
    REQUIRE(bugs.size() == 3);
    CHECK(bugs[0] == "secret");
    CHECK(bugs[1] == "early");
}

TEST_CASE("the application words its own refusals") {
    ListenerOptions options;
    options.refuse = [](const Refusal& refusal, const Request&) {
        return Response::json("{}", refusal.status);
    };
    LiveServer server(options);
    const auto answers = answers_in(ask(server, get("//")));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 400);
    CHECK(answers[0].body == "{}");
    CHECK(answers[0].field("content-type") == "application/json");
}

TEST_CASE("an answer cannot be split, and says what it must") {
    LiveServer server({}, [](Request request) -> asio::awaitable<Response> {
        if (request.path == "/nothing") co_return Response::empty();
        if (request.path == "/hidden") co_return Response{.status = 0};
        auto response = Response::redirect("/x\r\nSet-Cookie: sid=1");
        response.headers.add("X-Kept", "1");
        co_return response;
    });
    const auto answers = answers_in(ask(server, get("/split") + get("/nothing") + get("/hidden")));
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].status == 303);
    CHECK(answers[0].field("location").empty());
    CHECK(answers[0].field("set-cookie").empty());
    CHECK(answers[0].field("x-kept") == "1");
    CHECK(answers[0].field("content-length") == "0");
    CHECK(answers[0].field("date").ends_with(" GMT"));
    CHECK(answers[1].status == 204);
    CHECK(answers[1].head.find("Content-Length") == std::string::npos);
}

TEST_CASE("a peer that vanishes leaves nothing behind") {
    LiveServer server({}, name_path);
    const auto begun = GENERATE(as<std::string>(), "", "GET / HT", "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n",
                                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc",
                                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na");
    CAPTURE(begun);
    Peer peer(server.port());
    peer.send(begun);
    REQUIRE(server.holds(1));
    peer.vanish();
    CHECK(server.holds(0));
}

TEST_CASE("a large refused body is answered, not reset") {
    LiveServer server;
    Peer peer(server.port());
    const std::string body(8 * 1024 * 1024, 'x');
    CHECK(peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8388608\r\n\r\n" + body));
    peer.finish();
    const auto answers = answers_in(peer.read_all());
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 413);
    CHECK_FALSE(peer.was_reset());
}

TEST_CASE("connections above the limit are closed, and room comes back") {
    LiveServer server({.limits = {.connections = 2}}, name_path);
    Peer first(server.port());
    std::optional<Peer> second(std::in_place, server.port());
    REQUIRE(server.holds(2));
    Peer third(server.port());
    CHECK(third.read_all().empty());
    CHECK(server.connections() == 2);

    second.reset();
    REQUIRE(server.holds(1));
    CHECK(answers_in(ask(server, get("/1"))).size() == 1);
    first.send(get("/2"));
    first.finish();
    CHECK(answers_in(first.read_all()).size() == 1);
}

TEST_CASE("one address does not get every connection") {
    LiveServer server({.limits = {.connections_per_address = 1}}, name_path);
    const Peer first(server.port());
    REQUIRE(server.holds(1));
    Peer second(server.port());
    CHECK(second.read_all().empty());
}

TEST_CASE("a port that is taken is named") {
    LiveServer server;
    asio::io_context context;
    Listener listener(context.get_executor(), name_path);
    const auto taken = listener.bind("127.0.0.1", server.port());
    REQUIRE(taken.has_error());
    CHECK(taken.error().code == Errc::invalid_value);
    CHECK(taken.error().detail.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
    CHECK(listener.bind("not an address", 0).has_error());
}

TEST_CASE("a listener may go at any moment") {
    int answered = 0;
    for (int round = 0; round < 50; ++round) {
        std::optional<LiveServer> server(std::in_place, ListenerOptions{}, name_path);
        Peer peer(server->port());
        peer.send(get("/1"));
        peer.send("POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n");
        if (round % 2 == 0) answered += peer.read_until("/1").empty() ? 0 : 1;
        peer.send(std::string(80'000, 'x'));
        server.reset();
        peer.read_all();
    }
    CHECK(answered == 25);
}

}  // namespace
}  // namespace cadenza::http
