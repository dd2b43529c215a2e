// Which connection a request travels on.

#include "server/http/client.hpp"
#include "tests/http/live_server.hpp"
#include "tests/http/scripted_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <future>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct Caller {
    explicit Caller(Client::Options options = {}) : client(context.get_executor(), tls, options) {}

    Result<ClientResponse> send(Method method, const std::string& origin) {
        return server::run(context, client.send({.method = method, .origin = origin, .target = "/x"}, 10s));
    }

    asio::io_context context{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    Client client;
};

TEST_CASE("a pooled connection that the peer closed is replaced, for any method") {
    const auto method = GENERATE(Method::get, Method::head, Method::post, Method::put, Method::delete_);
    ScriptedServer server({{{ok}}, {{ok}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    REQUIRE(server.ended(1));
    CHECK(caller.send(method, server.origin()));
    CHECK(server.accepted() == 2);
    CHECK(server.requests().size() == 2);
}

TEST_CASE("a pooled connection that closes on a read is replaced once") {
    const auto method = GENERATE(Method::get, Method::head);
    ScriptedServer server({{{ok, ""}}, {{ok}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    CHECK(caller.send(method, server.origin()));
    CHECK(server.requests().size() == 3);
}

TEST_CASE("a request is sent twice at the most") {
    ScriptedServer server({{{ok, ""}}, {{""}}, {{ok}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    CHECK(caller.send(Method::get, server.origin()).has_error());
    CHECK(server.accepted() == 2);
}

TEST_CASE("a write that may have arrived is not sent again") {
    const auto method = GENERATE(Method::post, Method::put, Method::delete_);
    ScriptedServer server({{{ok, ""}}, {{ok}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    CHECK(caller.send(method, server.origin()).has_error());
    CHECK(server.requests().size() == 2);
    CHECK(server.accepted() == 1);
}

TEST_CASE("a first connection that closes is not tried again") {
    ScriptedServer server({{{""}}, {{ok}}});
    CHECK(Caller().send(Method::get, server.origin()).has_error());
    CHECK(server.accepted() == 1);
}

TEST_CASE("half an answer is not asked for again") {
    ScriptedServer server({{{ok, "HTTP/1.1 200"}}, {{ok}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    CHECK(caller.send(Method::get, server.origin()).has_error());
    CHECK(server.accepted() == 1);
}

TEST_CASE("a connection is not used again when it is out of step") {
    const auto first = GENERATE(as<std::string>(), ok + ok, ok + "x",
                                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
    CAPTURE(first);
    ScriptedServer server({{{first}, true}, {{"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    const auto second = caller.send(Method::get, server.origin());
    REQUIRE(second);
    CHECK(second->status == 201);
}

TEST_CASE("an answer nobody asked for does not become the next one") {
    ScriptedServer server({{{ok, ok + ok}, true}, {{"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"}}});
    Caller caller;
    REQUIRE(caller.send(Method::get, server.origin()));
    REQUIRE(caller.send(Method::get, server.origin()));
    const auto third = caller.send(Method::get, server.origin());
    REQUIRE(third);
    CHECK(third->status == 201);
}

TEST_CASE("origins do not share connections") {
    LiveServer one;
    LiveServer two;
    Caller caller;
    for (int i = 0; i < 2; ++i)
        for (auto* server : {&one, &two}) REQUIRE(caller.send(Method::get, server->origin()));
    CHECK(one.connections() == 1);
    CHECK(two.connections() == 1);
    CHECK(one.requests().size() == 2);
    CHECK(two.requests().size() == 2);
}

TEST_CASE("requests at the same time have connections of their own, and few of them stay") {
    std::atomic<int> arrived{};
    LiveServer server({}, [&](Request) -> asio::awaitable<Response> {
        ++arrived;
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (arrived < 3) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_return Response::text(200, "ok");
    });
    Caller caller({.idle_per_origin = 1});
    std::vector<std::future<Result<ClientResponse>>> answers;
    for (int i = 0; i < 3; ++i)
        answers.push_back(asio::co_spawn(caller.context,
                                         caller.client.send({.origin = server.origin(), .target = "/x"}, 10s),
                                         asio::use_future));
    caller.context.run();
    for (auto& answer : answers) CHECK(answer.get());
    CHECK(arrived == 3);
    CHECK(server.holds(1));
}

TEST_CASE("a connection that rested too long is not used again") {
    LiveServer server;
    Caller caller({.idle_time = 0s});
    REQUIRE(caller.send(Method::get, server.origin()));
    REQUIRE(caller.send(Method::get, server.origin()));
    CHECK(server.requests().size() == 2);
    CHECK(server.holds(1));  // the first one is closed, the second rests
}

}  // namespace
}  // namespace cadenza::http
