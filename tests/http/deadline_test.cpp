// Every wait for a peer ends. The limits are short; the tests wait for the close, not for a time.

#include "server/http/listener.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n";

// Sends one byte now and then until the server closes; false when it never does.
bool drip_until_closed(Peer& peer, std::string_view byte) {
    for (int i = 0; i < 2'000; ++i) {
        if (!peer.send(byte)) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

TEST_CASE("a connection that says nothing is closed") {
    LiveServer server({.limits = {.first_byte = 30ms}});
    Peer peer(server.port());
    CHECK(peer.read_all().empty());
    CHECK(server.holds(0));
}

TEST_CASE("a connection that falls silent after an answer is closed") {
    LiveServer server({.limits = {.idle = 30ms}});
    Peer peer(server.port());
    peer.send(get);
    CHECK(answers_in(peer.read_all()).size() == 1);
    CHECK(server.holds(0));
}

TEST_CASE("a header that comes byte by byte is cut") {
    LiveServer server({.limits = {.header = 50ms}});
    Peer peer(server.port());
    peer.send("GET /ok HTTP/1.1\r\nHost: h\r\nX: ");
    CHECK(drip_until_closed(peer, "x"));
    CHECK(peer.read_all().empty());
    CHECK(server.requests().empty());
    CHECK(server.holds(0));
}

TEST_CASE("the header's time begins anew with each request") {
    LiveServer server({.limits = {.header = 400ms}});
    Peer peer(server.port());
    for (int i = 0; i < 4; ++i) {
        peer.send(get.substr(0, 10));
        std::this_thread::sleep_for(150ms);
        peer.send(get.substr(10));
        CHECK(answers_in(peer.read_until("\r\n\r\n")).size() == 1);
    }
}

TEST_CASE("a body that comes byte by byte is cut") {
    const auto framing = GENERATE(as<std::string>(), "Content-Length: 100000\r\n\r\n",
                                  "Transfer-Encoding: chunked\r\n\r\nfff\r\n");
    LiveServer server({.limits = {.body = 50ms}});
    Peer peer(server.port());
    peer.send("POST /ok HTTP/1.1\r\nHost: h\r\n" + framing);
    CHECK(drip_until_closed(peer, "x"));
    CHECK(peer.read_all().empty());
    CHECK(server.requests().empty());
    CHECK(server.holds(0));
}

TEST_CASE("a handler that takes too long loses its connection") {
    LiveServer server({.limits = {.handler = 30ms}}, [](Request) -> asio::awaitable<Response> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 200ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return Response::text(200, "too late");
    });
    Peer peer(server.port());
    peer.send(get);
    CHECK(peer.read_all().empty());
    CHECK(server.saw(1));
    CHECK(server.holds(0));
}

TEST_CASE("a peer that does not read its answer is cut") {
    LiveServer server({.limits = {.write = 50ms}}, [](Request) -> asio::awaitable<Response> {
        co_return Response::text(200, std::string(16 * 1024 * 1024, 'x'));
    });
    Peer peer(server.port(), 4096);
    peer.send(get);
    REQUIRE(server.saw(1));
    CHECK(server.holds(0));
}

TEST_CASE("a peer that does not close after the last answer is cut") {
    LiveServer server({.limits = {.linger = 30ms}});
    Peer peer(server.port());
    peer.send("GET // HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answers_in(peer.read_all()).size() == 1);
    CHECK(server.holds(0));
}

}  // namespace
}  // namespace cadenza::http
