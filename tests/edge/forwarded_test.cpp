// Whom a request comes from: what trusted proxies wrote, and never what the client wrote.

#include "server/http/forwarded.hpp"

#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>

namespace cadenza::http {
namespace {

asio::ip::address address(const std::string& text) { return asio::ip::make_address(text); }

Networks networks(const std::vector<std::string>& texts) {
    Networks out;
    for (const auto& text : texts) {
        auto network = Network::parse(text);
        REQUIRE(network);
        out.push_back(*network);
    }
    return out;
}

std::string client(const std::string& peer, const Headers& headers) {
    static const auto trusted = networks({"10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"});
    return sender_of(headers, address(peer), trusted).address.to_string();
}

}  // namespace

TEST_CASE("a block of addresses is written in one way, or not understood") {
    const auto [text, good] = GENERATE(table<std::string, bool>({
        {"10.0.0.0/8", true},
        {"10.1.2.3", true},
        {"10.1.2.3/32", true},
        {"0.0.0.0/0", true},
        {"fd00::/8", true},
        {"::1", true},
        {"2001:db8::/33", true},
        {"::ffff:10.0.0.1", true},
        {"10.0.0.1/8", false},
        {"10.0.0.0/33", false},
        {"fd00::1/8", false},
        {"fd00::/129", false},
        {"10.0.0.0/", false},
        {"10.0.0.0/-1", false},
        {"10.0.0.0/8x", false},
        {"10.0.0/8", false},
        {"localhost", false},
        {"", false},
        {"*", false},
        {"fe80::1%eth0", false},
        {"10.0.0.0/ 8", false},
        {"010.0.0.1", false},
    }));
    CAPTURE(text);
    CHECK(Network::parse(text).has_value() == good);
}

TEST_CASE("a block contains what begins like it, in either spelling of IPv4") {
    const auto [text, inside, outside] = GENERATE(table<std::string, std::string, std::string>({
        {"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
        {"10.128.0.0/9", "10.128.0.1", "10.127.255.255"},
        {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
        {"192.0.2.7", "::ffff:192.0.2.7", "::ffff:192.0.2.6"},
        {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
        {"::1", "::1", "127.0.0.1"},
        {"0.0.0.0/0", "203.0.113.9", "::1"},
    }));
    CAPTURE(text);
    const auto network = Network::parse(text);
    REQUIRE(network);
    CHECK(network->contains(address(inside)));
    CHECK_FALSE(network->contains(address(outside)));
}

TEST_CASE("the walk goes from the right over trusted hops and ends at the first other") {
    const auto [peer, list, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"203.0.113.9", "198.51.100.1", "203.0.113.9"},  // nobody's proxy says anything
        {"203.0.113.9", "10.0.0.1", "203.0.113.9"},
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
        {"::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"},
        {"10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"},  // the left one was invented
        {"10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"},
        {"10.0.0.1", "1.1.1.1,198.51.100.1,192.0.2.7\t, 10.9.9.9 ", "198.51.100.1"},
        {"10.0.0.1", "10.2.2.2, 10.3.3.3", "10.2.2.2"},  // a request of a proxy's own
        {"10.0.0.1", "198.51.100.1:4711", "198.51.100.1"},
        {"fd00::1", "[2001:db8::5]:4711", "2001:db8::5"},
        {"fd00::1", "2001:DB8::0:5", "2001:db8::5"},
        {"fd00::1", "[2001:db8::5]", "2001:db8::5"},
        {"::1", "::ffff:198.51.100.1", "198.51.100.1"},
        // What is no address ends the walk at the last trusted hop.
        {"10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.1, _hidden, 10.3.3.3", "10.3.3.3"},
        {"10.0.0.1", "198.51.100.1,", "10.0.0.1"},
        {"10.0.0.1", ",", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.1,, 10.3.3.3", "10.3.3.3"},
        {"10.0.0.1", "198.51.100.1:99999", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.1:", "10.0.0.1"},
        {"10.0.0.1", "198.51.100", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.256", "10.0.0.1"},
        {"10.0.0.1", "[198.51.100.1]", "10.0.0.1"},
        {"10.0.0.1", "[::1", "10.0.0.1"},
        {"10.0.0.1", "[::1]x", "10.0.0.1"},
        {"10.0.0.1", "fe80::1%eth0", "10.0.0.1"},
        {"10.0.0.1", "\"198.51.100.1\"", "10.0.0.1"},
        {"10.0.0.1", "for=198.51.100.1", "10.0.0.1"},
    }));
    CAPTURE(peer, list);
    CHECK(client(peer, list.empty() ? Headers{} : Headers{{"X-Forwarded-For", list}}) == expected);
}

TEST_CASE("several lines are one list in their order") {
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "1.1.1.1"},
                              {"x-forwarded-for", "198.51.100.1"},
                              {"X-FORWARDED-FOR", "10.3.3.3"}}) == "198.51.100.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-For", ""}}) == "10.0.0.1");
}

TEST_CASE("the scheme counts when one trusted proxy says one of the two") {
    const auto trusted = networks({"10.0.0.0/8"});
    const auto secure = [&](const std::string& peer, const Headers& headers) {
        return sender_of(headers, address(peer), trusted).secure;
    };
    CHECK(secure("10.0.0.1", {{"X-Forwarded-Proto", "https"}}) == true);
    CHECK(secure("10.0.0.1", {{"X-Forwarded-Proto", "http"}}) == false);
    for (const auto* value : {"HTTPS ", "https, http", "wss", "", "on"}) {
        CAPTURE(value);
        CHECK(secure("10.0.0.1", {{"X-Forwarded-Proto", value}}) == std::nullopt);
    }
    CHECK(secure("10.0.0.1", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}) ==
          std::nullopt);
    CHECK(secure("203.0.113.9", {{"X-Forwarded-Proto", "https"}}) == std::nullopt);
}

TEST_CASE("no header a client sends makes it another address") {
    Random random(11);
    const std::vector<std::string> pieces{
        "1.1.1.1", "10.0.0.9", "192.0.2.7", "::1", "[fd00::1]:80", "unknown",        ",",  " ",    "\t",
        ":",       "]",        "[",         "%00", "10.",          "::ffff:8.8.8.8", "\"", "for=", "/8"};
    const auto hostile = [&] {
        std::string out;
        for (auto i = random.below(6); i > 0; --i) out += pieces[random.below(pieces.size())];
        return out;
    };
    for (int round = 0; round < 20'000; ++round) {
        const auto sent = hostile();
        CAPTURE(sent);
        // Straight to us: the header counts for nothing.
        if (client("198.51.100.77", {{"X-Forwarded-For", sent}}) != "198.51.100.77") FAIL("straight");
        // Through proxies of ours, which add the address that they see behind what came.
        const auto one = sent + ", 198.51.100.77";
        if (client("10.0.0.1", {{"X-Forwarded-For", one}}) != "198.51.100.77") FAIL("one proxy");
        if (client("10.0.0.1", {{"X-Forwarded-For", one + ", 10.7.7.7"}}) != "198.51.100.77")
            FAIL("two proxies");
        if (client("10.0.0.1", {{"X-Forwarded-For", sent}, {"X-Forwarded-For", "198.51.100.77"}}) !=
            "198.51.100.77")
            FAIL("a line of its own");
    }
}

TEST_CASE("a listener knows its clients by what its proxies say") {
    LiveServer trusting({.trusted_proxies = networks({"127.0.0.1"})});
    LiveServer alone;
    const std::string bytes =
        "GET /ok HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.1.1.1, 198.51.100.1\r\nX-Forwarded-Proto: "
        "http\r\n\r\n";
    ask(trusting, bytes);
    ask(alone, bytes);
    REQUIRE(trusting.requests().size() == 1);
    CHECK(trusting.requests()[0].remote == "198.51.100.1");
    CHECK(trusting.requests()[0].secure == false);
    REQUIRE(alone.requests().size() == 1);
    CHECK(alone.requests()[0].remote == "127.0.0.1");
    CHECK(alone.requests()[0].secure == std::nullopt);
}

TEST_CASE("behind a proxy the limit of an address is on its requests, not on the proxy's connections") {
    LiveServer server({.limits = {.connections_per_address = 2}, .trusted_proxies = networks({"127.0.0.1"})});
    const auto begin = [](const std::string& who) {
        return "POST /ok HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + who + "\r\nExpect: 100-continue\r\n" +
               "Content-Length: 1\r\n\r\n";
    };
    std::vector<std::unique_ptr<Peer>> held;
    const auto hold = [&](const std::string& who) {
        held.push_back(std::make_unique<Peer>(server.port()));
        held.back()->send(begin(who));
        return held.back()->read_until("\r\n\r\n").substr(0, 12);
    };
    CHECK(hold("198.51.100.1") == "HTTP/1.1 100");
    CHECK(hold("198.51.100.1") == "HTTP/1.1 100");
    CHECK(hold("198.51.100.1") == "HTTP/1.1 429");
    CHECK(hold("198.51.100.2") == "HTTP/1.1 100");

    held[0]->send("x");
    held[0]->finish();
    CHECK(answers_in(held[0]->read_all())[0].status == 200);
    CHECK(hold("198.51.100.1") == "HTTP/1.1 100");
}

TEST_CASE("of IPv6 a household's /64 is one address to the limit, and each of its own to the handler") {
    LiveServer server({.limits = {.connections_per_address = 2}, .trusted_proxies = networks({"127.0.0.1"})});
    std::vector<std::unique_ptr<Peer>> held;
    const auto hold = [&](const std::string& who) {
        held.push_back(std::make_unique<Peer>(server.port()));
        held.back()->send("POST /ok HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + who +
                          "\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
        return held.back()->read_until("\r\n\r\n").substr(0, 12);
    };
    CHECK(hold("2001:db8:1:2::1") == "HTTP/1.1 100");
    CHECK(hold("2001:db8:1:2:ffff::1") == "HTTP/1.1 100");
    CHECK(hold("2001:db8:1:2::3") == "HTTP/1.1 429");
    CHECK(hold("2001:db8:1:3::1") == "HTTP/1.1 100");

    held[1]->send("x");
    held[1]->finish();
    CHECK(answers_in(held[1]->read_all())[0].status == 200);
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].remote == "2001:db8:1:2:ffff::1");
    CHECK(hold("2001:db8:1:2::3") == "HTTP/1.1 100");
}

TEST_CASE("the limit holds for IPv6 connections of one's own, whose requests have the whole address") {
    asio::io_context context;
    std::vector<std::string> remotes;
    Listener listener(context.get_executor(),
                      [&](const Request& request) -> asio::awaitable<Response> {
                          remotes.push_back(request.remote);
                          co_return Response::text(200, "");
                      },
                      {.limits = {.connections_per_address = 1}});
    if (!listener.bind("::1", 0)) {
        WARN("this machine has no IPv6");
        return;
    }
    listener.start();
    const asio::ip::tcp::endpoint there(asio::ip::address_v6::loopback(), listener.port());
    asio::ip::tcp::socket first(context);
    asio::ip::tcp::socket second(context);
    first.connect(there);
    second.connect(there);
    bool closed = false;
    char byte{};
    second.async_read_some(asio::buffer(&byte, 1), [&](const auto& ec, auto) { closed = bool(ec); });
    asio::write(first, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: h\r\n\r\n")));
    while ((!closed || remotes.empty()) && context.run_one_for(std::chrono::seconds(10)) > 0) {
    }
    CHECK(closed);
    CHECK(remotes == std::vector<std::string>{"::1"});
}

}  // namespace cadenza::http
