// The master is found through sentinels, and found again when it is another.

#include "tests/redis/fake_server.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

TEST_CASE("the master is found by its name, with the database asked for, past sentinels that are gone") {
    const Watched watched;
    auto options = watched.options();
    options.addresses.insert(options.addresses.begin(),
                             {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(free_port())});
    options.database = 3;
    Caller caller(options);
    CHECK(caller.text({"SET", "k", "v"}) == "OK");
    CHECK(watched.master.ask({"GET", "k"}) == "(nil)");
    CHECK(watched.master.ask({"CLIENT", "LIST"}).find("db=3") != std::string::npos);
    REQUIRE(caller.news().size() == 1);
    CHECK(caller.news()[0].second == "127.0.0.1:" + std::to_string(watched.master.port()));
}

TEST_CASE("a name the sentinels do not know, and no sentinel at all") {
    const Watched watched;
    auto options = watched.options();
    SECTION("unknown") {
        options.master = "other";
        CHECK(Caller(options).text({"GET", "k"}) == "!redis: sentinel: does not know other");
    }
    SECTION("none") {
        options.addresses[0].port = static_cast<std::uint16_t>(free_port());
        CHECK(Caller(options).text({"GET", "k"}) == "!redis: connect: Connection refused");
    }
}

TEST_CASE("the sentinels have credentials of their own") {
    const Watched watched("user default off\nuser watch on >hunter2 allchannels +@all");
    auto options = watched.options();
    options.sentinel_credentials = {"watch", server::Secret("hunter2")};
    CHECK(Caller(options).text({"SET", "k", "v"}) == "OK");
    options.sentinel_credentials.password = server::Secret("hunter3");
    CHECK(Caller(options).text({"SET", "k", "v"}) == "!redis: AUTH refused: WRONGPASS");
}

TEST_CASE("the master is killed: commands fail at once until the replica took over, then go there") {
    Watched watched;
    Caller caller(watched.options());
    REQUIRE(caller.text({"SET", "k", "v"}) == "OK");
    REQUIRE(caller.loop().until([&] { return watched.is_ready(); }));
    watched.master.kill();
    const auto began = std::chrono::steady_clock::now();
    std::chrono::milliseconds longest{0};
    REQUIRE(caller.loop().until([&] {
        const auto asked = std::chrono::steady_clock::now();
        const auto reply =
            caller.run(Command{.words = {"SET", "k", "w"}, .key = "k", .repeatable = true}, 500ms);
        longest = std::max(longest, std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - asked));
        return reply.has_value();
    }));
    const auto outage = std::chrono::steady_clock::now() - began;
    UNSCOPED_INFO("out for " << std::chrono::duration_cast<std::chrono::milliseconds>(outage).count()
                             << " ms");
    CHECK(outage < 3s);
    CHECK(longest < 1s);
    CHECK(watched.replica.ask({"GET", "k"}) == "w");
    CHECK(caller.count(Transition::lost) == 1);
    CHECK(caller.count(Transition::connected) == 2);
}

TEST_CASE("a master that was replaced is left as soon as a sentinel says so") {
    const RedisServer one;
    const RedisServer other;
    int master = one.port();
    Loop loop;
    const auto bulk = [](const std::string& text) {
        return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
    };
    FakeServer sentinel(loop, [&](const FakeServer::Words& words) {
        if (words.front() == "SENTINEL") return "*2\r\n" + bulk("127.0.0.1") + bulk(std::to_string(master));
        return words.front() == "SUBSCRIBE" ? "*3\r\n" + bulk("subscribe") + bulk(words[1]) + ":1\r\n" : "";
    });
    const auto say = [&](const std::string& name, int port) {
        sentinel.say("*3\r\n" + bulk("message") + bulk("+switch-master") +
                     bulk(name + " 127.0.0.1 1 127.0.0.1 " + std::to_string(port)));
    };
    auto options = options_for(sentinel.port());
    options.kind = Options::Kind::sentinel;
    options.master = "mymaster";
    std::vector<std::string> connected;
    const auto client = connect(loop.executor(), options, [&](Transition transition, std::string_view where) {
        if (transition == Transition::connected) connected.emplace_back(where);
    });
    const auto set = [&](const std::string& value) {
        return loop.run(client->run({.words = {"SET", "k", value}, .key = "k"}, soon())).has_value();
    };
    REQUIRE(set("one"));
    REQUIRE(loop.until([&] {
        return std::count(sentinel.asked().begin(), sentinel.asked().end(),
                          FakeServer::Words{"SUBSCRIBE", "+switch-master"}) == 1;
    }));
    master = other.port();
    say("another", other.port());
    say("mymaster", one.port());
    for (int i = 0; i < 20; ++i) REQUIRE(set("still one"));
    CHECK(one.ask({"GET", "k"}) == "still one");
    say("mymaster", other.port());
    REQUIRE(loop.until([&] { return connected.size() == 2; }));
    REQUIRE(set("other"));
    CHECK(other.ask({"GET", "k"}) == "other");
}

TEST_CASE("a server that says it is no master is not taken for one") {
    const Watched watched;
    RedisSentinel behind(watched.replica);
    auto options = watched.options();
    options.addresses = {{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(behind.port())},
                         {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(watched.sentinel.port())}};
    Caller caller(options);
    CHECK(caller.text({"SET", "k", "v"}) == "OK");
    CHECK(watched.master.ask({"GET", "k"}) == "v");
}

}  // namespace
}  // namespace cadenza::redis
