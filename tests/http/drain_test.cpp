#include "server/http/listener.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <future>
#include <memory>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /ok HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr auto long_deadline = 30s;  // a drain that needs it fails the test

// A server whose handler waits until the test lets it go.
struct HeldServer {
    explicit HeldServer(std::size_t size = 4) : server({}, handler(size)) {}

    Handler handler(std::size_t size) {
        return [this, size](Request) -> asio::awaitable<Response> {
            asio::steady_timer timer(co_await asio::this_coro::executor);
            while (!released) {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            co_return Response::text(200, std::string(size, 'x'));
        };
    }
    std::future<std::chrono::milliseconds> drain(std::chrono::milliseconds deadline) {
        return std::async(std::launch::async, [this, deadline] { return server.drain(deadline); });
    }
    // Whether the listener takes no more connections: drain has begun.
    bool refuses() {
        return wait_until([&] {
            try {
                Peer probe(server.port());
                return probe.read_all().empty();
            } catch (const std::exception&) {
                return true;
            }
        });
    }

    std::atomic<bool> released{};
    LiveServer server;
};

TEST_CASE("draining closes at once what has been served and waits") {
    LiveServer server({.limits = {.drain_grace = long_deadline}});
    Peer used(server.port());
    used.send(get);
    CHECK(answers_in(used.read_until("\r\n\r\n")).size() == 1);
    REQUIRE(server.holds(1));

    CHECK(server.drain(long_deadline) < long_deadline);

    CHECK(used.read_all().empty());
    CHECK(server.connections() == 0);
}

TEST_CASE("a connection that has not asked yet is served once more while draining") {
    LiveServer server({.limits = {.drain_grace = long_deadline}});
    Peer fresh(server.port());
    REQUIRE(server.holds(1));
    std::unique_ptr<Peer> queued;
    server.on_thread([&] {
        // The server's loop stands still: this one is connected, but not accepted.
        queued = std::make_unique<Peer>(server.port());
        server.begin_drain(long_deadline);
    });
    server.on_thread([] {});  // drain has begun, and closed whatever it closes at once

    for (auto* peer : {&fresh, queued.get()}) {
        peer->send(get + get);
        peer->finish();
        const auto answers = answers_in(peer->read_all());
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].status == 200);
        CHECK(answers[0].field("connection") == "close");
    }
    CHECK(server.holds(0));
}

TEST_CASE("a connection that does not ask is closed after its grace while draining") {
    LiveServer server({.limits = {.drain_grace = 30ms}});
    Peer fresh(server.port());
    REQUIRE(server.holds(1));
    std::unique_ptr<Peer> queued;
    server.on_thread([&] {
        queued = std::make_unique<Peer>(server.port());
        server.begin_drain(long_deadline);
    });
    for (auto* peer : {&fresh, queued.get()}) {
        CHECK(peer->read_all().empty());
        CHECK_FALSE(peer->was_reset());
    }
    CHECK(server.holds(0));
}

TEST_CASE("draining lets a request in flight end and says that the connection closes") {
    HeldServer held;
    Peer peer(held.server.port());
    peer.send(get + get);
    REQUIRE(held.server.saw(1));

    auto drained = held.drain(long_deadline);
    REQUIRE(held.refuses());
    held.released = true;
    const auto answers = answers_in(peer.read_all());

    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 200);
    CHECK(answers[0].field("connection") == "close");
    peer.finish();
    CHECK(drained.get() < long_deadline);
    CHECK(held.server.connections() == 0);
}

TEST_CASE("a header that was begun is still served while draining") {
    HeldServer held;
    held.released = true;
    Peer peer(held.server.port());
    peer.send(get.substr(0, 10));
    for (int i = 0; i < 4; ++i)
        REQUIRE(held.server.holds(1));  // the server's loop has gone round: it has read

    auto drained = held.drain(long_deadline);
    REQUIRE(held.refuses());
    peer.send(get.substr(10));
    peer.finish();

    const auto answers = answers_in(peer.read_all());
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].field("connection") == "close");
    CHECK(drained.get() < long_deadline);
}

TEST_CASE("draining waits for an answer that is being written, and no longer") {
    HeldServer held(16 * 1024 * 1024);
    held.released = true;
    Peer peer(held.server.port(), 4096);
    peer.send(get);
    const auto begin = peer.read_until("\r\n\r\n");
    REQUIRE(begin.starts_with("HTTP/1.1 200"));

    auto drained = held.drain(long_deadline);
    REQUIRE(held.refuses());
    const auto answers = answers_in(begin + peer.read_all());

    REQUIRE(answers.size() == 1);
    CHECK(answers[0].body.size() == 16 * 1024 * 1024);
    peer.finish();
    CHECK(drained.get() < long_deadline);
}

TEST_CASE("draining closes at its deadline what has not ended") {
    HeldServer held;
    Peer peer(held.server.port());
    peer.send(get);
    REQUIRE(held.server.saw(1));

    CHECK(held.server.drain(30ms) >= 30ms);

    CHECK(peer.read_all().empty());
    held.released = true;
    CHECK(held.server.holds(0));
}

TEST_CASE("a listener may go before its loop has run at all, or while it accepts") {
    asio::io_context context(1);
    auto listener = std::make_unique<Listener>(context.get_executor(), Handler());
    REQUIRE(listener->bind("127.0.0.1", 0));
    listener->start();
    const bool accepting = GENERATE(false, true);
    if (accepting) context.poll();
    listener.reset();
    context.run();
    CHECK(context.stopped());
}

}  // namespace
}  // namespace cadenza::http
