// Raw bytes over a real socket: what the guard, the parser and the connection make of them together.

#include "server/http/guard.hpp"
#include "tests/http/live_server.hpp"
#include "tests/http/raw_requests.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

namespace cadenza::http {
namespace {

using Statuses = std::vector<int>;

// Sends the row; checks the answers, that nothing was cut by a reset, and that no body became a request.
void check(const RawRequest& row) {
    CAPTURE(row.name);
    LiveServer server({.limits = {.body_bytes = 32 * 1024}});
    Peer peer(server.port());
    const bool taken = peer.send(row.bytes);
    peer.finish();
    const auto raw = peer.read_all();

    Statuses statuses;
    const bool head = row.bytes.starts_with("HEAD");
    for (const auto& answer : answers_in(raw, {head ? "HEAD" : "GET"})) {
        statuses.push_back(answer.status);
        if (answer.status != 200) CHECK(answer.field("connection") == "close");
    }
    CHECK(statuses == row.statuses);
    CHECK(taken);
    CHECK_FALSE(peer.was_reset());
    const auto requests = server.requests();
    CHECK(requests.size() == static_cast<std::size_t>(std::count(statuses.begin(), statuses.end(), 200)));
    for (const auto& request : requests) {
        CHECK(request.path != "/smuggled");
        CHECK(request.headers.count("Cookie") == 0);
    }
}

TEST_CASE("a body ends where it says, or the request is refused") {
    REQUIRE(framings().size() >= 69);
    for (const auto& row : framings()) check(row);
}

TEST_CASE("a header that two readers could understand in two ways is refused") {
    for (const auto& row : heads()) check(row);
}

TEST_CASE("what is refused stays refused when it comes in pieces") {
    LiveServer server({.limits = {.body_bytes = 32 * 1024}});
    for (const auto& row : framings()) {
        if (row.bytes.size() > 1024) continue;
        CAPTURE(row.name);
        Peer peer(server.port());
        for (const char c : row.bytes)
            if (!peer.send({&c, 1})) break;
        peer.finish();
        Statuses statuses;
        const bool head = row.bytes.starts_with("HEAD");
        for (const auto& answer : answers_in(peer.read_all(), {head ? "HEAD" : "GET"}))
            statuses.push_back(answer.status);
        CHECK(statuses == row.statuses);
    }
    for (const auto& request : server.requests()) CHECK(request.path == "/ok");
}

TEST_CASE("the limit of a header counts its last byte, however it arrives") {
    const Limits limits{.header_bytes = 1024};
    LiveServer server({.limits = limits});
    for (const std::size_t size : {limits.header_bytes, limits.header_bytes + 1}) {
        const auto bare = get("X: \r\n");
        const auto whole = get("X: " + std::string(size - bare.size(), 'x') + "\r\n");
        REQUIRE(whole.size() == size);
        for (const auto cut : {size, size - 1, size - 2, size - 3, size - 4, size / 2}) {
            CAPTURE(size, cut);
            Peer peer(server.port());
            peer.send(std::string_view(whole).substr(0, cut));
            REQUIRE(server.holds(1));
            peer.send(std::string_view(whole).substr(cut));
            peer.finish();
            const auto answers = answers_in(peer.read_all());
            REQUIRE(answers.size() == 1);
            CHECK(answers[0].status == (size == limits.header_bytes ? 200 : 431));
            REQUIRE(server.holds(0));
        }
    }
}

TEST_CASE("a body reaches the handler as it was sent") {
    LiveServer server;
    const auto body = "1\r\nG\r\n2;name=\"v\"\r\n\r\n\r\n0\r\nTrailer: x\r\n\r\n";

    const auto raw = ask(server, post("Transfer-Encoding: chunked\r\n", body));

    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].body == "G\r\n");
    CHECK(server.requests()[0].headers.count("Trailer") == 0);
    CHECK(answers_in(raw)[0].body == "G\r\n");
}

TEST_CASE("a request reaches the handler taken apart") {
    LiveServer server;
    ask(server, "GET /a%20b/%C3%A9?x=%20y HTTP/1.1\r\nHost: h:80\r\nX-A: 1\r\nx-a: 2\r\n\r\n");

    REQUIRE(server.requests().size() == 1);
    const auto request = server.requests()[0];
    CHECK(request.method == Method::get);
    CHECK(request.path == "/a b/é");
    CHECK(request.query == "x=%20y");
    CHECK(request.header("x-A") == "1");
    CHECK(request.headers.count("X-a") == 2);
    CHECK(request.remote == "127.0.0.1");
}

}  // namespace
}  // namespace cadenza::http
