#include "server/spotify/ledger.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t begin = 1'000'000 * Ledger::bucket_ms;

constexpr LedgerCell cell(Priority priority) { return {priority, EndpointGroup::library}; }

void spend(Ledger& ledger, int requests, std::int64_t now, Priority priority = Priority::interactive) {
    for (int i = 0; i < requests; ++i) ledger.count(cell(priority), now);
}

}  // namespace

TEST_CASE("requests count for 24 hours and a quarter at the most") {
    Ledger ledger(100);
    spend(ledger, 3, begin);
    spend(ledger, 2, begin + hour, Priority::sync);
    CHECK(ledger.used(begin + hour).total() == 5);
    CHECK(ledger.used(begin + hour).of(Priority::interactive) == 3);
    CHECK(ledger.used(begin + hour).of(Priority::sync) == 2);
    CHECK(ledger.used(begin + hour).of(Priority::prefetch) == 0);
    CHECK(ledger.next_free_at(begin) == begin + Ledger::bucket_ms + Ledger::window_ms);
    CHECK(ledger.used(begin + Ledger::bucket_ms + Ledger::window_ms - 1).total() == 5);
    CHECK(ledger.used(begin + Ledger::bucket_ms + Ledger::window_ms).total() == 2);
    CHECK(ledger.used(begin + 26 * hour).total() == 0);
    CHECK_FALSE(ledger.next_free_at(begin + 26 * hour));
}

TEST_CASE("looking ahead stops at 80 percent, updates at 90, people never") {
    Ledger ledger(100);
    const auto allowed = [&] {
        return std::array{ledger.allows(Priority::prefetch, begin), ledger.allows(Priority::sync, begin),
                          ledger.allows(Priority::interactive, begin)};
    };
    spend(ledger, 79, begin);
    CHECK(allowed() == std::array{true, true, true});
    spend(ledger, 1, begin);
    CHECK(allowed() == std::array{false, true, true});
    spend(ledger, 9, begin);
    CHECK(allowed() == std::array{false, true, true});
    spend(ledger, 1, begin);
    CHECK(allowed() == std::array{false, false, true});
    spend(ledger, 1'000, begin);
    CHECK(allowed() == std::array{false, false, true});
}

TEST_CASE("it is known when there will be room again") {
    Ledger ledger(10);
    spend(ledger, 5, begin);
    spend(ledger, 4, begin + 2 * hour);
    const auto now = begin + 3 * hour;
    CHECK(ledger.allowed_at(Priority::sync, now) == begin + Ledger::bucket_ms + Ledger::window_ms);
    CHECK(ledger.allows(Priority::sync, *ledger.allowed_at(Priority::sync, now)));
    CHECK_FALSE(ledger.allows(Priority::sync, *ledger.allowed_at(Priority::sync, now) - 1));
    CHECK_FALSE(ledger.allowed_at(Priority::interactive, now));
    // Even the next to go is not enough.
    spend(ledger, 10, begin + 2 * hour);
    CHECK(ledger.allowed_at(Priority::prefetch, now) ==
          begin + 2 * hour + Ledger::bucket_ms + Ledger::window_ms);
}

TEST_CASE("a budget of 0 rations nobody, one of 1 everything but people") {
    Ledger free(0);
    spend(free, 10'000, begin);
    for (const auto priority : {Priority::interactive, Priority::sync, Priority::prefetch}) {
        CHECK(free.allows(priority, begin));
        CHECK_FALSE(free.allowed_at(priority, begin));
    }
    const Ledger tiny(1);
    CHECK(tiny.allows(Priority::interactive, begin));
    CHECK_FALSE(tiny.allows(Priority::sync, begin));
    CHECK(tiny.allowed_at(Priority::sync, begin) == begin + Ledger::window_ms);
}

TEST_CASE("two replicas that share agree, and none counts a request twice") {
    Ledger one(100);
    Ledger two(100);
    LedgerCounts store;  // of the one bucket
    const auto share = [&](Ledger& ledger) {
        while (const auto next = ledger.to_share()) {
            store.at(next->cell) += next->count;
            ledger.was_shared(*next);
        }
        ledger.learn(Ledger::bucket_of(begin), store, begin);
    };
    spend(one, 3, begin);
    spend(two, 4, begin, Priority::prefetch);
    CHECK(one.used(begin).total() == 3);
    share(one);
    share(two);
    CHECK(two.used(begin).total() == 7);
    share(one);
    CHECK(one.used(begin).total() == 7);
    CHECK(one.used(begin) == two.used(begin));
    CHECK_FALSE(one.to_share());

    // One that starts anew learns it all.
    Ledger three(100);
    share(three);
    CHECK(three.used(begin).of(Priority::prefetch) == 4);

    // What could not be added goes on counting where it was made.
    spend(two, 2, begin);
    CHECK(two.used(begin).total() == 9);
    two.learn(Ledger::bucket_of(begin), LedgerCounts{}, begin);  // a store that lost its data
    CHECK(two.used(begin).total() == 9);
    share(two);
    share(one);
    CHECK(one.used(begin).total() == 9);
    // Too old to matter.
    one.learn(Ledger::bucket_of(begin) - 200, store, begin);
    CHECK(one.used(begin).total() == 9);
}

}  // namespace cadenza::server
