#include "server/redis/link.hpp"

#include "tests/redis/harness.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

TEST_CASE("pauses between attempts double up to the last bound, and are random below it") {
    const Timeouts timeouts;
    CHECK(retry_pause(timeouts, 1, 0) == 0ms);
    CHECK(retry_pause(timeouts, 1, 0.5) == 25ms);
    CHECK(retry_pause(timeouts, 3, 0.5) == 100ms);
    CHECK(retry_pause(timeouts, 7, 0.5) == 1600ms);
    CHECK(retry_pause(timeouts, 8, 0.5) == 2500ms);
    CHECK(retry_pause(timeouts, 1'000'000, 0.999) < 5000ms);
}

struct FailingDial {
    Result<std::shared_ptr<Connection>> next{Error{Errc::storage_failed, "no luck"}};
    int attempts{};

    Link::Dial dial() {
        return [this]() -> asio::awaitable<Result<std::shared_ptr<Connection>>> {
            ++attempts;
            co_return next;
        };
    }
};

TEST_CASE("there is one attempt at a time, and those who come later are told at once") {
    Loop loop;
    FailingDial failing;
    int lost = 0;
    const auto link = std::make_shared<Link>(
        loop.executor(), failing.dial(), Timeouts{.retry_first = 1h, .retry_last = 1h, .retry_wanted = 1h},
        [] { return 0.5; },
        [&](Transition transition, std::string_view detail) {
            CHECK(transition == Transition::lost);
            CHECK(detail == "no luck");
            ++lost;
        });
    link->start();
    for (int i = 0; i < 20; ++i) {
        const auto connection = loop.run(link->connection(soon()));
        REQUIRE(connection.has_error());
        CHECK(connection.error() == Error{Errc::storage_failed, "no luck"});
    }
    CHECK(failing.attempts == 1);
    CHECK(lost == 1);
    link->stop();
}

TEST_CASE("a command that waits for it shortens the pause") {
    Loop loop;
    FailingDial failing;
    const auto link = std::make_shared<Link>(
        loop.executor(), failing.dial(), Timeouts{.retry_first = 1h, .retry_last = 1h, .retry_wanted = 1ms},
        [] { return 0.5; }, Observer{});
    link->start();
    CHECK(loop.until([&] {
        CHECK(loop.run(link->connection(soon())).has_error());
        return failing.attempts == 3;
    }));
    link->stop();
}

TEST_CASE("a client may go before its loop has run at all, or while it connects") {
    asio::io_context context(1);
    auto options = options_for(free_port());
    options.kind = GENERATE(Options::Kind::standalone, Options::Kind::sentinel, Options::Kind::cluster);
    const bool connecting = GENERATE(false, true);
    {
        const auto client = connect(context.get_executor(), options, Observer{});
        if (connecting) context.poll_one();
    }
    context.run();
    CHECK(context.stopped());
}

}  // namespace
}  // namespace cadenza::redis
