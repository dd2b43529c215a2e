// What a client does when Redis is slow, gone, half there or not itself.

#include "tests/redis/harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/chaos_proxy.hpp"

#include <boost/asio/detached.hpp>

namespace cadenza::redis {
namespace {

Options quick(int port) {
    auto out = options_for(port);
    out.timeouts.command = 100ms;
    out.timeouts.retry_wanted = 50ms;
    return out;
}

TEST_CASE("a reply that takes too long closes the connection, and nobody gets another's reply") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    Caller caller(quick(proxy.port()));
    REQUIRE(caller.text({"ECHO", "one"}) == "one");
    proxy.set({.latency = 300ms});
    const auto late = caller.run({.words = {"ECHO", "two"}});
    REQUIRE(late.has_error());
    CHECK(late.error().code == Errc::timed_out);
    proxy.set({});
    REQUIRE(caller.recovers());
    CHECK(caller.text({"ECHO", "three"}) == "three");
    CHECK(caller.text({"ECHO", "four"}) == "four");
    CHECK(proxy.accepted() == 2);
    CHECK(caller.count(Transition::lost) == 1);
}

TEST_CASE("a caller who cannot wait leaves the connection to the others") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    auto options = quick(proxy.port());
    options.timeouts.command = 5s;
    Caller caller(options);
    REQUIRE(caller.text({"ECHO", "one"}) == "one");
    proxy.set({.latency = 100ms});
    const auto late = caller.run(Command{.words = {"ECHO", "two"}, .repeatable = true}, 20ms);
    REQUIRE(late.has_error());
    CHECK(late.error().code == Errc::timed_out);
    CHECK(caller.text({"ECHO", "three"}) == "three");
    CHECK(proxy.accepted() == 1);
}

TEST_CASE("Redis killed and started again: errors at once meanwhile, then as before") {
    RedisServer server;
    Caller caller(quick(server.port()));
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    server.kill();
    REQUIRE(caller.loop().until([&] { return caller.run({"GET", "k"}).has_error(); }));
    for (int i = 0; i < 50; ++i) {
        const auto began = std::chrono::steady_clock::now();
        const auto reply = caller.run({"GET", "k"});
        REQUIRE(reply.has_error());
        CHECK(reply.error().code == Errc::storage_failed);
        CHECK(std::chrono::steady_clock::now() - began < 1s);
    }
    server.start();
    const auto back = std::chrono::steady_clock::now();
    REQUIRE(caller.recovers());
    CHECK(std::chrono::steady_clock::now() - back < 2s);
    CHECK(caller.text({"GET", "k"}) == "(nil)");
    REQUIRE(caller.news().size() == 3);
    CHECK(caller.news()[0].first == Transition::connected);
    CHECK(caller.news()[1].first == Transition::lost);
    CHECK(caller.news()[2].first == Transition::connected);
}

TEST_CASE("a client may be there before Redis") {
    RedisServer server;
    server.kill();
    Caller caller(quick(server.port()));
    REQUIRE(caller.run({"GET", "k"}).has_error());
    server.start();
    CHECK(caller.recovers());
}

TEST_CASE("a connection Redis closed is replaced without anybody noticing") {
    const RedisServer server;
    Caller caller(quick(server.port()));
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    server.ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    CHECK(caller.text({"GET", "k"}) == "v");
}

TEST_CASE("a command that was sent is sent again only if that does no harm, and once") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    Caller caller(quick(proxy.port()));
    REQUIRE(caller.text({"SET", "n", "0"}) == "OK");
    proxy.set({.swallow_answers = true});
    const bool repeatable = GENERATE(false, true);
    std::optional<Result<Reply>> reply;
    asio::co_spawn(
        caller.loop().context(),
        caller.client().run({.words = {"INCR", "n"}, .key = "n", .repeatable = repeatable}, soon()),
        [&](const std::exception_ptr&, Result<Reply> got) { reply = std::move(got); });
    REQUIRE(caller.loop().until([&] { return server.ask({"GET", "n"}) == "1"; }));
    SECTION("after a cut") {
        proxy.set({});
        GENERATE(0, 1) == 0 ? proxy.cut() : proxy.reset();
    }
    SECTION("after silence") {}
    REQUIRE(caller.loop().until([&] {
        // Silence is over with the connection it was on.
        if (caller.count(Transition::lost) > 0) proxy.set({});
        return reply.has_value();
    }));
    CHECK(reply->has_value() == repeatable);
    proxy.set({});
    REQUIRE(caller.recovers());
    CHECK(server.ask({"GET", "n"}) == (repeatable ? "2" : "1"));
}

TEST_CASE("a connection that is open at one end only is given up, also when nobody uses it") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    auto options = quick(proxy.port());
    options.timeouts.ping_after = 50ms;
    options.timeouts.connect = 200ms;
    Caller caller(options);
    REQUIRE(caller.text({"ECHO", "one"}) == "one");
    proxy.set({.swallow_requests = true, .swallow_answers = true});
    CHECK(caller.loop().until([&] { return caller.count(Transition::lost) == 1; }));
    proxy.set({});
    CHECK(caller.recovers());
}

TEST_CASE("a place that takes connections and says nothing is waited for no longer than allowed") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    proxy.set({.swallow_answers = true});
    auto options = quick(proxy.port());
    options.timeouts.connect = 100ms;
    Caller caller(options);
    const auto began = std::chrono::steady_clock::now();
    CHECK(caller.run({"GET", "k"}).has_error());
    CHECK(std::chrono::steady_clock::now() - began < 5s);
}

TEST_CASE("a server that closes what it accepted is not dialled without end") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    proxy.set({.refuse = true});
    auto options = quick(proxy.port());
    options.timeouts.retry_first = options.timeouts.retry_last = 1h;
    Caller caller(options);
    for (int i = 0; i < 20; ++i) REQUIRE(caller.run({"GET", "k"}).has_error());
    CHECK(proxy.accepted() <= 3);
}

TEST_CASE("answers cut anywhere end in an error or in the right reply") {
    const RedisServer server;
    server.ask({"SET", "k", std::string(300, 'v')});
    ChaosProxy proxy(server.port());
    for (const std::size_t bytes : {0UL, 3UL, 11UL, 12UL, 13UL, 100UL, 317UL, 318UL}) {
        CAPTURE(bytes);
        proxy.set({.cut_after = bytes});
        Caller caller(quick(proxy.port()));
        const auto reply = caller.run(Command{.words = {"GET", "k"}, .key = "k", .repeatable = true});
        if (reply) CHECK(reply->text == std::string(300, 'v'));
        proxy.set({});
        CHECK(caller.recovers());
    }
}

TEST_CASE("a server that turned into a replica is left, and nothing is done twice") {
    const RedisServer server;
    Caller caller(quick(server.port()));
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    server.ask({"CONFIG", "SET", "replica-serve-stale-data", "yes"});
    server.ask({"REPLICAOF", "127.0.0.1", "1"});
    const auto refused = caller.run({"INCR", "n"}, false);
    REQUIRE(refused.has_error());
    CHECK(refused.error() == Error{Errc::storage_failed, "redis: READONLY"});
    server.ask({"REPLICAOF", "NO", "ONE"});
    CHECK(caller.run({"INCR", "n"}, false)->integer == 1);
}

TEST_CASE("a server that cannot answer yet is waited for with patience") {
    const RedisServer server;
    auto options = quick(server.port());
    options.timeouts.patience = GENERATE(300ms, 20s);
    Caller caller(options);
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    server.ask({"CONFIG", "SET", "replica-serve-stale-data", "no"});
    server.ask({"REPLICAOF", "127.0.0.1", "1"});
    std::optional<Result<Reply>> reply;
    asio::co_spawn(caller.loop().context(), caller.client().run({.words = {"GET", "k"}, .key = "k"}, soon()),
                   [&](const std::exception_ptr&, Result<Reply> got) { reply = std::move(got); });
    if (options.timeouts.patience < 1s) {
        REQUIRE(caller.loop().until([&] { return reply.has_value(); }));
        CHECK(reply->error() == Error{Errc::storage_failed, "redis: MASTERDOWN"});
        return;
    }
    REQUIRE(caller.loop().until([&] {
        return server.ask({"INFO", "errorstats"}).find("errorstat_MASTERDOWN:count=2") != std::string::npos;
    }));
    server.ask({"REPLICAOF", "NO", "ONE"});
    REQUIRE(caller.loop().until([&] { return reply.has_value(); }));
    CHECK((*reply)->text == "v");
}

}  // namespace
}  // namespace cadenza::redis
