// The arithmetic of rates, without a clock.

#include "server/http/rate_limit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <charconv>
#include <deque>

namespace cadenza::http {
namespace {

constexpr std::int64_t second = 1'000'000;
const RateRule ten{second / 10, 20};  // 10/s

}  // namespace

TEST_CASE("a rate is a number a second or a minute, and bursts of twice that") {
    CHECK(parse_rate("60/s") == RateRule{16'666, 120});
    CHECK(parse_rate("1/s") == RateRule{second, 2});
    CHECK(parse_rate("90/m") == RateRule{60 * second / 90, 180});
    CHECK(parse_rate("100000/s") == RateRule{10, 200'000});
    for (const auto* text :
         {"", "60", "/s", "60/h", "0/s", "-1/s", "100001/s", "60 /s", "1.5/s", "off", "+5/s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rate(text));
    }
}

TEST_CASE("a burst passes, then one at a time, and what is refused costs nothing") {
    std::int64_t full_at = 0;
    std::int64_t now = 1'700'000'000 * second;
    for (std::int64_t left = 19; left >= 0; --left) {
        const auto decision = take(ten, full_at, now);
        REQUIRE(decision.allowed);
        CHECK(decision.remaining == left);
    }
    for (int i = 0; i < 100; ++i) {
        const auto decision = take(ten, full_at, now);
        CHECK_FALSE(decision.allowed);
        CHECK(decision.retry_us == second / 10);
        CHECK(decision.full_us == 2 * second);
        CHECK(decision.remaining == 0);
    }
    CHECK_FALSE(take(ten, full_at, now + second / 10 - 1).allowed);
    CHECK(take(ten, full_at, now + second / 10).allowed);
    CHECK_FALSE(take(ten, full_at, now + second / 10).allowed);
    now += 10 * second;
    CHECK(take(ten, full_at, now).remaining == 19);
}

TEST_CASE("a clock set back holds nobody for longer than a window") {
    std::int64_t full_at = 0;
    for (int i = 0; i < 20; ++i) take(ten, full_at, 1'000 * second);
    const auto decision = take(ten, full_at, 10 * second);
    CHECK_FALSE(decision.allowed);
    CHECK(decision.full_us <= ten.window_us());
    CHECK(take(ten, full_at, 12 * second).allowed);
}

TEST_CASE("no window ever sees more than the burst and the rate together") {
    Random random(17);
    for (int round = 0; round < 50; ++round) {
        const RateRule rule{static_cast<std::int64_t>(1 + random.below(200'000)),
                            static_cast<std::int64_t>(1 + random.below(50))};
        std::int64_t full_at = 0;
        std::int64_t now = 5 * second;
        std::deque<std::int64_t> allowed;
        for (int i = 0; i < 2'000; ++i) {
            now += static_cast<std::int64_t>(random.below(static_cast<std::size_t>(rule.interval_us)));
            const auto decision = take(rule, full_at, now);
            CHECK(decision.full_us <= rule.window_us());
            CHECK(decision.remaining < rule.burst);
            CHECK((decision.retry_us == 0) == decision.allowed);
            if (!decision.allowed) {
                // Nobody who waits as told is told to wait again.
                auto later = full_at;
                REQUIRE(take(rule, later, now + decision.retry_us).allowed);
                continue;
            }
            allowed.push_back(now);
            while (allowed.front() <= now - rule.window_us()) allowed.pop_front();
            REQUIRE(static_cast<std::int64_t>(allowed.size()) <= 2 * rule.burst);
        }
    }
}

TEST_CASE("buckets are many, but not more than there may be") {
    RateTable table(ten, 3);
    for (int i = 0; i < 20; ++i) table.take("loud", 0);
    table.take("b", 0);
    table.take("c", 0);
    CHECK_FALSE(table.peek("loud", 0).allowed);
    CHECK_FALSE(table.take("loud", 0).allowed);  // used just now: it stays
    for (int i = 0; i < 100; ++i) {
        table.take("other " + std::to_string(i), 0);
        table.take("loud", 0);
        CHECK(table.size() == 3);
    }
    CHECK_FALSE(table.peek("loud", 0).allowed);
    CHECK(table.peek("b", 0).remaining == 19);
    CHECK(table.size() == 3);
    table.settle("d", ten.window_us());
    CHECK_FALSE(table.take("d", 0).allowed);
}

TEST_CASE("an IPv6 client is its network, an IPv4 client itself") {
    CHECK(rate_address("198.51.100.1") == "198.51.100.1");
    CHECK(rate_address("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(rate_address("2001:db8:1:2::9") == rate_address("2001:db8:1:2:ffff::1"));
    CHECK(rate_address("2001:db8:1:3::9") != rate_address("2001:db8:1:2::9"));
}

TEST_CASE("the fields say what is left in whole seconds, rounded up") {
    CHECK(policy_item("address", RateRule{16'666, 120}) == "\"address\";q=120;w=2");
    CHECK(policy_item("session", RateRule{second, 2}) == "\"session\";q=2;w=2");
    CHECK(limit_item("address", {true, 7, 1'000'001, 0}) == "\"address\";r=7;t=2");
    CHECK(limit_item("address", {false, 0, 1, 1}) == "\"address\";r=0;t=1");
}

}  // namespace cadenza::http
