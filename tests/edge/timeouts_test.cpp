// What a slow or greedy peer gets: every wait ends, by a clock that its bytes do not turn back.

#include "server/http/limits.hpp"
#include "tests/http/live_server.hpp"
#include "tests/http/raw_requests.hpp"
#include "tests/support/catch.hpp"

#include <thread>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

// Sends `bytes` one at a time, for ever as far as the server lets it; gives how many went out.
std::size_t drip(Peer& peer, std::string_view bytes, std::chrono::milliseconds pause) {
    std::size_t sent = 0;
    while (sent < 2'000 && peer.send(bytes.substr(sent % bytes.size(), 1))) {
        ++sent;
        std::this_thread::sleep_for(pause);
    }
    return sent;
}

}  // namespace

TEST_CASE("a body must keep up with its rate once the grace is over, and end in any case") {
    const Limits limits{.body_rate = 1'000, .body = 30s, .body_grace = 10s};
    CHECK(body_patience(limits, 0) == 10s);
    CHECK(body_patience(limits, 999) == 10s);
    CHECK(body_patience(limits, 5'000) == 15s);
    CHECK(body_patience(limits, 20'000) == 30s);
    CHECK(body_patience(limits, 1'000'000) == 30s);
}

TEST_CASE("a header that comes a byte at a time has the time of one header, from its first byte") {
    LiveServer server({.limits = {.first_byte = 10s, .header = 80ms, .linger = 20ms}});
    Peer peer(server.port());
    const auto began = std::chrono::steady_clock::now();
    const auto sent = drip(peer, "GET /ok HTTP/1.1\r\nHost: h\r\nX: yyyyyyyyyyyyyyyyyyyyyyyy", 5ms);
    CHECK(sent < 2'000);
    CHECK(std::chrono::steady_clock::now() - began < 8s);
    CHECK(server.requests().empty());
    CHECK(server.holds(0));
}

TEST_CASE("the time of a header begins anew with each request, and only then") {
    LiveServer server({.limits = {.idle = 10s, .header = 150ms, .linger = 20ms}});
    Peer peer(server.port());
    for (int i = 0; i < 3; ++i) {
        peer.send(get(""));
        REQUIRE(answers_in(peer.read_until("\r\n\r\n")).size() == 1);
        std::this_thread::sleep_for(80ms);
    }
    peer.send("GET /ok");
    CHECK(peer.read_all().empty());
    CHECK(server.requests().size() == 3);
}

TEST_CASE("a silent connection ends after its first wait, a used one after its idle time") {
    LiveServer server({.limits = {.first_byte = 40ms, .idle = 40ms}});
    Peer silent(server.port());
    CHECK(silent.read_all().empty());
    Peer used(server.port());
    used.send(get(""));
    CHECK(answers_in(used.read_all()).size() == 1);
    CHECK(server.holds(0));
}

TEST_CASE("a body that trickles is cut off by its rate, one that flows is not") {
    LiveServer server({.limits = {.body_rate = 20'000, .body = 20s, .body_grace = 100ms, .linger = 20ms}});
    const std::string head = "POST /ok HTTP/1.1\r\nHost: h\r\n";
    for (const auto* framing : {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"}) {
        CAPTURE(framing);
        Peer slow(server.port());
        slow.send(head + framing);
        const auto began = std::chrono::steady_clock::now();
        CHECK(drip(slow, "1\r\nx\r\n", 5ms) < 2'000);
        CHECK(std::chrono::steady_clock::now() - began < 8s);
    }
    CHECK(server.requests().empty());

    Peer steady(server.port());
    steady.send(head + "Content-Length: 50000\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
        steady.send(std::string(5'000, 'x'));
        std::this_thread::sleep_for(15ms);
    }
    steady.finish();
    CHECK(answers_in(steady.read_all())[0].status == 200);
}

TEST_CASE("chunks may carry no more framing than they are allowed to") {
    LiveServer server({.limits = {.chunk_overhead = 64}});
    const auto chunked = [](const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); };
    const auto status = [&](const std::string& body) {
        return answers_in(ask(server, chunked(body)))[0].status;
    };
    CHECK(status("1;" + std::string(40, 'x') + "\r\na\r\n0\r\n\r\n") == 200);
    CHECK(status("1;" + std::string(80, 'x') + "\r\na\r\n0\r\n\r\n") == 400);
    CHECK(status(repeated(1'000, "1\r\na\r\n") + "0\r\n\r\n") == 200);
}

TEST_CASE("an answer nobody reads is given up") {
    LiveServer server({.limits = {.write = 60ms, .linger = 20ms}}, [](Request) -> asio::awaitable<Response> {
        co_return Response::text(200, std::string(32 * 1024 * 1024, 'x'));
    });
    Peer peer(server.port(), 4'096);
    peer.send(get(""));
    REQUIRE(server.saw(1));
    CHECK(server.holds(0));
}

TEST_CASE("the kernel does not keep an answer for somebody who does not read it") {
    LiveServer server({.limits = {.write = 60ms, .linger = 20ms}}, [](Request) -> asio::awaitable<Response> {
        co_return Response::text(200, std::string(512 * 1024, 'x'));
    });
    Peer peer(server.port(), 4'096);
    peer.send(get(""));
    REQUIRE(server.saw(1));
    // Had the kernel taken it all, the connection would wait for another request.
    CHECK(server.holds(0));
}

TEST_CASE("what waits in the kernel's queue when draining begins is served") {
    LiveServer server;
    std::vector<std::unique_ptr<Peer>> peers;
    server.on_thread([&] {
        // The server's loop stands still: these are connected, and have asked, but are not accepted.
        for (int i = 0; i < 5; ++i) {
            peers.push_back(std::make_unique<Peer>(server.port()));
            peers.back()->send(get(""));
        }
        server.begin_drain(10s);
    });
    for (const auto& peer : peers) {
        const auto answers = answers_in(peer->read_all());
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].field("connection") == "close");
    }
    CHECK(server.holds(0));
}

}  // namespace cadenza::http
