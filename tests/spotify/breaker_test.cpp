#include "server/spotify/breaker.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::server {
namespace {

using State = Breaker::State;

void record(Breaker& breaker, int times, bool ok, std::int64_t now) {
    for (int i = 0; i < times; ++i) breaker.record(ok, breaker.period(), now);
}

}  // namespace

TEST_CASE("enough failures in half a minute open it, and one request tries whether they are over") {
    Breaker breaker;
    const auto before = breaker.period();
    record(breaker, 7, false, 0);
    CHECK_FALSE(breaker.refused_until(1));
    record(breaker, 1, false, 1'000);
    CHECK(breaker.state() == State::open);
    CHECK(breaker.refused_until(1'000) == 11'000);
    CHECK(breaker.refused_until(10'999) == 11'000);
    breaker.record(true, before, 5'000);
    CHECK(breaker.state() == State::open);

    CHECK_FALSE(breaker.refused_until(11'000));  // this one tries
    CHECK(breaker.state() == State::half_open);
    CHECK(breaker.refused_until(11'001));  // and no other
    record(breaker, 1, false, 12'000);
    CHECK(breaker.refused_until(12'000) == 22'000);

    CHECK_FALSE(breaker.refused_until(22'000));
    record(breaker, 1, true, 22'100);
    CHECK(breaker.state() == State::closed);
    CHECK_FALSE(breaker.refused_until(22'100));
    record(breaker, 7, false, 22'200);  // begins to count anew
    CHECK(breaker.state() == State::closed);
}

TEST_CASE("only the trial decides, not a request that began before, or a trial that was given up") {
    Breaker breaker;
    const auto before = breaker.period();
    record(breaker, 8, false, 0);
    CHECK_FALSE(breaker.refused_until(10'000));
    const auto lost = breaker.period();
    breaker.record(true, before, 10'001);
    CHECK(breaker.state() == State::half_open);
    breaker.record(false, before, 10'002);
    CHECK(breaker.refused_until(10'003) == 25'000);
    CHECK_FALSE(breaker.refused_until(25'000));
    const auto trial = breaker.period();
    breaker.record(true, lost, 25'001);
    CHECK(breaker.state() == State::half_open);
    breaker.record(true, trial, 25'002);
    CHECK(breaker.state() == State::closed);
    for (int i = 0; i < 8; ++i) breaker.record(false, before, 25'003);
    CHECK(breaker.state() == State::closed);
}

TEST_CASE("failures that are old, or fewer than what works, do not open it") {
    Breaker breaker;
    record(breaker, 7, false, 0);
    record(breaker, 7, false, 30'000);
    CHECK(breaker.state() == State::closed);
    Breaker busy;
    record(busy, 30, true, 0);
    record(busy, 29, false, 0);
    CHECK(busy.state() == State::closed);
    record(busy, 1, false, 0);
    CHECK(busy.state() == State::open);
}

TEST_CASE("a trial nobody heard of again does not keep it shut") {
    Breaker breaker;
    record(breaker, 8, false, 0);
    CHECK_FALSE(breaker.refused_until(10'000));
    CHECK(breaker.refused_until(24'999) == 25'000);
    CHECK_FALSE(breaker.refused_until(25'000));
}

}  // namespace cadenza::server
