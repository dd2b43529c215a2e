// What a client does on a good day, and on a slow network.

#include "tests/redis/harness.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/chaos_proxy.hpp"

#include <boost/asio/detached.hpp>

#include <filesystem>

namespace cadenza::redis {
namespace {

using Kind = Reply::Kind;

TEST_CASE("a value comes back as it was, over TCP and over a Unix socket") {
    const RedisServer server;
    auto options = options_for(server);
    if (GENERATE(false, true)) options.addresses = {{.path = server.socket()}};
    Caller caller(options);
    const auto value = std::string("a\r\n\0b", 5) + std::string(200'000, 'x');
    CHECK(caller.text({"SET", "k", value}) == "OK");
    CHECK(caller.text({"GET", "k"}) == value);
    CHECK(caller.text({"GET", "other"}) == "(nil)");
    CHECK(caller.text({"INCR", "k"}) == "-ERR value is not an integer or out of range");
    CHECK(caller.count(Transition::connected) == 1);
    CHECK(caller.count(Transition::lost) == 0);
}

TEST_CASE("the connection is in the database and under the name that were asked for") {
    const RedisServer server;
    auto options = options_for(server);
    options.database = 5;
    Caller caller(options);
    CHECK(caller.text({"SET", "k", "v"}) == "OK");
    CHECK(server.ask({"GET", "k"}) == "(nil)");
    const auto clients = server.ask({"CLIENT", "LIST"});
    CHECK(clients.find("name=cadenza") != std::string::npos);
    CHECK(clients.find("db=5") != std::string::npos);
    CHECK(clients.find("resp=3") == std::string::npos);
}

TEST_CASE("a user signs in; a wrong password is told without the password") {
    RedisServer server;
    server.ask({"ACL", "SETUSER", "app", "on", ">hunter2", "~*", "+get", "+set", "+select"});
    auto options = options_for(server);
    options.credentials = {"app", server::Secret("hunter2")};
    SECTION("right, though it may neither PING nor name itself") {
        Caller caller(options);
        CHECK(caller.text({"SET", "k", "v"}) == "OK");
        CHECK(caller.text({"DEL", "k"}).starts_with("-NOPERM"));
    }
    SECTION("wrong") {
        options.credentials.password = server::Secret("hunter3");
        Caller caller(options);
        CHECK(caller.text({"GET", "k"}) == "!redis: AUTH refused: WRONGPASS");
        REQUIRE(caller.news().size() == 1);
        CHECK(caller.news()[0].second == "redis: AUTH refused: WRONGPASS");
    }
    SECTION("the default user's") {
        server.ask({"CONFIG", "SET", "requirepass", "hunter4"});
        options.credentials = {"", server::Secret("hunter4")};
        Caller caller(options);
        CHECK(caller.text({"SET", "k", "v"}) == "OK");
    }
    SECTION("none where one is needed") {
        server.ask({"CONFIG", "SET", "requirepass", "hunter4"});
        options.credentials = {};
        Caller caller(options);
        CHECK(caller.text({"GET", "k"}) == "!redis: CLIENT refused: NOAUTH");
    }
}

TEST_CASE("a Redis that cannot save is one that only reads, not one that is out") {
    const RedisServer server({"--save", "3600 1"});
    server.ask({"SET", "k", "v"});
    std::filesystem::remove_all(server.folder().path());
    Caller before(options_for(server));
    REQUIRE(before.text({"GET", "k"}) == "v");
    before.text({"BGSAVE"});
    REQUIRE(before.loop().until([&] { return before.text({"SET", "k", "w"}).starts_with("-MISCONF"); }));
    CHECK(before.text({"PING"}).starts_with("-MISCONF"));
    Caller after(options_for(server));
    CHECK(after.text({"GET", "k"}) == before.text({"GET", "k"}));
    CHECK(after.count(Transition::connected) == 1);
}

TEST_CASE("replies belong to their commands, whatever the network does to them") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    proxy.set({.slice = 3});
    auto options = options_for(proxy.port());
    options.timeouts.command = 5s;
    Caller caller(options);
    std::size_t right = 0;
    std::size_t ended = 0;
    const auto echo = [&](int tag) -> asio::awaitable<void> {
        const auto text = "tag " + std::to_string(tag) + std::string(static_cast<std::size_t>(tag % 40), '.');
        const auto reply = co_await caller.client().run({.words = {"ECHO", text}}, soon());
        ++ended;
        if (reply && reply->text == text) ++right;
    };
    for (int tag = 0; tag < 500; ++tag) asio::co_spawn(caller.loop().context(), echo(tag), asio::detached);
    CHECK(caller.loop().until([&] { return ended == 500; }));
    CHECK(right == 500);
    CHECK(proxy.accepted() == 1);
}

TEST_CASE("commands of many callers travel together") {
    const RedisServer server;
    ChaosProxy proxy(server.port());
    auto options = options_for(proxy.port());
    options.timeouts.command = 5s;
    Caller caller(options);
    REQUIRE(caller.text({"PING"}) == "PONG");
    proxy.set({.latency = 100ms});
    std::size_t ended = 0;
    const auto ping = [&]() -> asio::awaitable<void> {
        co_await caller.client().run({.words = {"PING"}}, soon());
        ++ended;
    };
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) asio::co_spawn(caller.loop().context(), ping(), asio::detached);
    REQUIRE(caller.loop().until([&] { return ended == 100; }));
    // One after the other would take 20 seconds at least.
    CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("a connection that is not used is kept alive") {
    const RedisServer server;
    auto options = options_for(server);
    options.timeouts.ping_after = 50ms;
    Caller caller(options);
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    server.ask({"CONFIG", "SET", "timeout", "1"});
    CHECK(caller.loop().until([&] {
        return server.ask({"INFO", "commandstats"}).find("cmdstat_ping:calls=3") != std::string::npos;
    }));
    CHECK(caller.count(Transition::lost) == 0);
}

TEST_CASE("a client may go while its commands wait") {
    const RedisServer server;
    Loop loop;
    auto client = connect(loop.executor(), options_for(server), {});
    REQUIRE(loop.run(client->run({.words = {"PING"}}, soon())));
    server.freeze();
    std::optional<Result<Reply>> reply;
    asio::co_spawn(loop.context(), client->run({.words = {"PING"}}, soon()),
                   [&](const std::exception_ptr&, Result<Reply> got) { reply = std::move(got); });
    client.reset();
    CHECK(loop.until([&] { return reply.has_value(); }));
    REQUIRE(reply->has_error());
    CHECK(reply->error().detail == "redis: closed");
    server.thaw();
}

}  // namespace
}  // namespace cadenza::redis
