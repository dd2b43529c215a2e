// Sharing work and ending waits.

#include "server/base/deadline.hpp"
#include "server/base/single_flight.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <stdexcept>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

asio::awaitable<int> work(bool slowly, int result) {
    asio::steady_timer timer(co_await asio::this_coro::executor, slowly ? 20ms : 0ms);
    if (slowly) co_await timer.async_wait(asio::use_awaitable);
    if (result < 0) throw std::runtime_error("broken");
    co_return result;
}

// What everybody got who asked at the same time; "broken" for an exception.
std::vector<std::string> ask(SingleFlight<int>& flights, asio::io_context& context, bool slowly, int result,
                             int& calls) {
    std::vector<std::string> out;
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(context,
                       flights.run("key",
                                   [slowly, result, &calls] {
                                       ++calls;
                                       return work(slowly, result);
                                   }),
                       [&](const std::exception_ptr& error, int got) {
                           out.push_back(error ? "broken" : std::to_string(got));
                       });
    context.restart();
    context.run();
    return out;
}

}  // namespace

TEST_CASE("work that is under way is shared, also when it throws") {
    asio::io_context context(1);
    SingleFlight<int> flights(context.get_executor());
    int calls = 0;
    CHECK(ask(flights, context, true, -1, calls) == std::vector<std::string>(3, "broken"));
    CHECK(calls == 1);
    CHECK(flights.in_flight() == 0);
    // The next one begins anew.
    CHECK(ask(flights, context, true, 7, calls) == std::vector<std::string>(3, "7"));
    CHECK(calls == 2);
    CHECK(ask(flights, context, false, -1, calls) == std::vector<std::string>(3, "broken"));
    CHECK(flights.in_flight() == 0);
}

TEST_CASE("work that cannot even begin wedges nothing") {
    asio::io_context context(1);
    SingleFlight<int> flights(context.get_executor());
    const auto refuse = []() -> asio::awaitable<int> { throw std::logic_error("no"); };
    CHECK_THROWS_AS(run(context, flights.run("key", refuse)), std::logic_error);
    CHECK(flights.in_flight() == 0);
    CHECK(run(context, flights.run("key", [] { return work(false, 1); })) == 1);
}

TEST_CASE("a wait ends with the work or with its deadline") {
    asio::io_context context(1);
    const auto outcome = [&](std::chrono::milliseconds patience, bool slowly, int result) {
        return run(context, within(context.get_executor(), std::chrono::steady_clock::now() + patience,
                                   work(slowly, result)));
    };
    CHECK(outcome(10s, true, 3) == 3);
    CHECK(outcome(10s, false, 3) == 3);
    CHECK(outcome(1ms, true, 3) == std::nullopt);
    CHECK(outcome(1ms, true, -1) == std::nullopt);
    CHECK_THROWS_WITH(outcome(10s, true, -1), "broken");
    CHECK_THROWS_WITH(outcome(10s, false, -1), "broken");
}

TEST_CASE("a step takes what is left at the most") {
    const auto now = std::chrono::steady_clock::now();
    CHECK(at_most(10s, now + 1h) == 10s);
    CHECK(at_most(10s, now + 2s) <= 2s);
    CHECK(at_most(10s, now - 1s) == 1ms);
    CHECK(at_most(10s, Deadline::max()) == 10s);
}

}  // namespace cadenza::server
