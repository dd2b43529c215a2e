#include "server/spotify/fair_queue.hpp"

#include "server/spotify/turns.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace cadenza::server {
namespace {

using Place = FairQueue::Place;
using namespace std::chrono_literals;

constexpr FairQueue::Limits narrow{.running = 2,
                                   .running_per_account = 2,
                                   .kept_for_interactive = 1,
                                   .waiting = 6,
                                   .waiting_per_account = 4};

Deadline in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

}  // namespace

TEST_CASE("accounts take turns, however many requests one of them has") {
    FairQueue queue(narrow);
    std::vector<FairQueue::Id> flood;
    for (int i = 0; i < 6; ++i) flood.push_back(queue.enter("anna", Priority::interactive).id);
    CHECK(queue.running() == 2);
    CHECK(queue.waiting() == 4);
    CHECK(queue.enter("anna", Priority::interactive).place == Place::full);
    const auto bert = queue.enter("bert", Priority::interactive);
    const auto cleo = queue.enter("cleo", Priority::interactive);
    CHECK(bert.place == Place::waits);
    CHECK(queue.enter("dora", Priority::interactive).place == Place::full);  // of everybody's
    CHECK(queue.leave(flood[0]) == std::vector{bert.id});
    CHECK(queue.leave(flood[1]) == std::vector{cleo.id});
    CHECK(queue.leave(bert.id) == std::vector{flood[2]});
    CHECK(queue.leave(cleo.id) == std::vector{flood[3]});
    CHECK(queue.leave(12'345).empty());
}

TEST_CASE("what somebody waits for goes first, and finds a place kept for it") {
    FairQueue queue(narrow);
    const auto ahead = queue.enter("anna", Priority::prefetch);
    CHECK(ahead.place == Place::runs);
    const auto more = queue.enter("bert", Priority::prefetch);
    CHECK(more.place == Place::waits);  // the last place is not for looking ahead
    const auto update = queue.enter("cleo", Priority::sync);
    CHECK(update.place == Place::waits);
    const auto person = queue.enter("bert", Priority::interactive);
    CHECK(person.place == Place::runs);
    CHECK(queue.leave(person.id).empty());
    CHECK(queue.leave(ahead.id) == std::vector{update.id});
    CHECK(queue.leave(update.id) == std::vector{more.id});
    CHECK(queue.leave(more.id).empty());
    CHECK(queue.running() == 0);
}

TEST_CASE("no account has more than its share under way, even alone") {
    FairQueue queue({.running = 8, .running_per_account = 3, .kept_for_interactive = 0});
    std::vector<FairQueue::Entered> all;
    for (int i = 0; i < 5; ++i) all.push_back(queue.enter("anna", Priority::interactive));
    CHECK(queue.running() == 3);
    CHECK(queue.enter("bert", Priority::interactive).place == Place::runs);
    CHECK(queue.leave(all[4].id).empty());  // gave up waiting
    CHECK(queue.leave(all[0].id) == std::vector{all[3].id});
    CHECK(queue.waiting() == 0);
}

TEST_CASE("a turn comes when another ends, or not in time") {
    asio::io_context context(1);
    Turns turns(context.get_executor(), {.running = 1,
                                         .running_per_account = 1,
                                         .kept_for_interactive = 0,
                                         .waiting = 1,
                                         .waiting_per_account = 1});
    std::vector<std::string> heard;
    const auto wait_as_bert = [&]() -> asio::awaitable<void> {
        const auto turn = co_await turns.take("bert", Priority::interactive, in(10s));
        heard.emplace_back(turn ? "bert" : "nobody");
    };
    const auto work = [&]() -> asio::awaitable<void> {
        auto first = std::make_optional(co_await turns.take("anna", Priority::interactive, in(10s)));
        REQUIRE(first->has_value());
        const auto late = co_await turns.take("bert", Priority::interactive, in(1ms));
        REQUIRE(!late.has_value());
        heard.emplace_back(name(late.error().code));
        asio::co_spawn(context, wait_as_bert(), asio::detached);
        while (turns.waiting() == 0) co_await asio::post(context, asio::use_awaitable);
        const auto none = co_await turns.take("cleo", Priority::interactive, in(10s));
        REQUIRE(!none.has_value());
        heard.emplace_back(name(none.error().code));
        first.reset();
        CHECK(turns.waiting() == 0);
    };
    run(context, work());
    CHECK(heard == std::vector<std::string>{"timed_out", "rate_limited", "bert"});
    CHECK(turns.running() == 0);
}

}  // namespace cadenza::server
