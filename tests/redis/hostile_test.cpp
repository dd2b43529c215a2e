// Servers that do not speak as Redis does.

#include "tests/redis/fake_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

namespace cadenza::redis {
namespace {

struct Scene {
    explicit Scene(FakeServer::Answer answer)
        : server(loop, std::move(answer)),
          client(connect(
              loop.executor(), options_for(server.port()), [](Transition, std::string_view) {},
              [] { return 0.5; })) {}

    Result<Reply> run(Command command) { return loop.run(client->run(std::move(command), soon(2s))); }

    Loop loop;
    FakeServer server;
    std::unique_ptr<Client> client;
};

TEST_CASE("what is no reply ends the connection, and the command with an error") {
    const std::string bytes = GENERATE(as<std::string>(), "HTTP/1.1 400 Bad Request\r\n\r\n", "%0\r\n",
                                       "*2147483648\r\n", "*1000000\r\n", "\r\n", ">1\r\n+x\r\n");
    Scene scene([&](const FakeServer::Words& words) { return words.front() == "GET" ? bytes : ""; });
    const auto reply = scene.run({.words = {"GET", "k"}, .key = "k"});
    REQUIRE(reply.has_error());
    CHECK(reply.error().code == Errc::storage_failed);
}

TEST_CASE("random bytes never do more than fail") {
    Random random(11);
    Scene scene([&](const FakeServer::Words& words) {
        return words.front() == "GET" ? random.bytes(random.below(60)) + "\r\n" : "";
    });
    for (int i = 0; i < 200; ++i) {
        const auto reply = scene.run({.words = {"GET", "k"}, .key = "k", .repeatable = true});
        if (!reply) CHECK(reply.error().code == Errc::storage_failed);
    }
}

TEST_CASE("a reply nobody asked for ends the connection before it can shift the others") {
    Scene scene([](const FakeServer::Words& words) {
        return words.front() == "ECHO" ? "+" + words[1] + "\r\n+and more\r\n" : "";
    });
    CHECK(scene.run({.words = {"ECHO", "one"}, .repeatable = true})->text == "one");
    const auto second = scene.run({.words = {"ECHO", "two"}, .repeatable = true});
    CHECK((second.has_error() || second->text == "two"));
}

TEST_CASE("a server that repeats the password in its error is not quoted") {
    Loop loop;
    FakeServer server(loop, [](const FakeServer::Words& words) {
        return words.front() == "AUTH" ? "-" + words.back() + " is no password, " + words.back() + "\r\n"
                                       : "";
    });
    auto options = options_for(server.port());
    options.credentials = {"", server::Secret("hunter2")};
    std::string told;
    const auto client =
        connect(loop.executor(), options, [&](Transition, std::string_view detail) { told += detail; });
    const auto reply = loop.run(client->run({.words = {"GET", "k"}}, soon()));
    REQUIRE(reply.has_error());
    CHECK(reply.error().detail == "redis: AUTH refused: an unexpected reply");
    CHECK(told == reply.error().detail);
}

TEST_CASE("a server that still loads its data is not called connected") {
    bool loading = true;
    Loop loop;
    FakeServer server(loop, [&](const FakeServer::Words&) {
        return loading ? "-LOADING Redis is loading the dataset in memory\r\n" : "+PONG\r\n";
    });
    auto options = options_for(server.port());
    options.timeouts.retry_wanted = 10ms;
    std::vector<std::string> told;
    const auto client = connect(loop.executor(), options,
                                [&](Transition, std::string_view detail) { told.emplace_back(detail); });
    const auto get = [&] { return loop.run(client->run({.words = {"GET", "k"}}, soon())); };
    CHECK(get().error().detail == "redis: PING refused: LOADING");
    loading = false;
    CHECK(loop.until([&] { return get().has_value(); }));
    CHECK(told.size() == 2);
}

}  // namespace
}  // namespace cadenza::redis
