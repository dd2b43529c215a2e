#include "server/sentry/rate_limits.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::sentry {
namespace {

constexpr std::int64_t now = 1'000'000;

RateLimits after(int status, http::Headers headers) {
    RateLimits limits;
    limits.learn({status, std::move(headers), ""}, now);
    return limits;
}

// How many seconds errors are held back.
std::int64_t held(const RateLimits& limits, std::string_view category = "error") {
    std::int64_t seconds = 0;
    while (limits.limits(category, now + seconds * 1'000)) ++seconds;
    return seconds;
}

TEST_CASE("a good answer limits nothing, unless it says so") {
    CHECK(held(after(200, {})) == 0);
    CHECK(held(after(200, {{"Retry-After", "10"}})) == 0);
    CHECK(held(after(200, {{"X-Sentry-Rate-Limits", "60:error:organization"}})) == 60);
}

TEST_CASE("429 limits everything for the time it names") {
    CHECK(held(after(429, {{"Retry-After", "13"}})) == 13);
    CHECK(held(after(429, {{"Retry-After", "13"}}), "client_report") == 13);
    CHECK(held(after(429, {})) == 60);
    CHECK(held(after(429, {{"Retry-After", "soon"}})) == 60);
    CHECK(held(after(429, {{"Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"}})) == 60);
    CHECK(held(after(429, {{"Retry-After", "-5"}})) == 60);
    CHECK(held(after(503, {{"Retry-After", "13"}})) == 0);
}

TEST_CASE("the list of limits goes by category, and stands over Retry-After") {
    const auto limit = [](const char* value) {
        return after(429, {{"Retry-After", "9999"}, {"x-sentry-rate-limits", value}});
    };
    CHECK(held(limit("60:transaction:key, 2700:default;error;security:organization")) == 2700);
    CHECK(held(limit("60:transaction;session:key")) == 0);
    CHECK(held(limit("60:transaction;session:key"), "session") == 60);
    CHECK(held(limit("30::organization")) == 30);
    CHECK(held(limit("30::organization"), "client_report") == 30);
    CHECK(held(limit("30:")) == 30);
    CHECK(held(limit("30")) == 30);
    CHECK(held(limit("60:error:key:quota:more, 10:error:key")) == 60);
    CHECK(held(limit("1.5:error:key")) == 2);
    CHECK(held(limit("x:error:key")) == 60);
    CHECK(held(limit(" 5:error:key ,, ")) == 5);
    CHECK(held(limit("99999999999999999999:error:key")) == 24 * 3'600);
}

TEST_CASE("only categories Sentry has are remembered, however many it names") {
    auto limits = after(429, {{"X-Sentry-Rate-Limits", "60:unheard_of;error:key, 60:another:key"}});
    for (int i = 0; i < 1'000; ++i)
        limits.learn({200, {{"X-Sentry-Rate-Limits", "60:made_up_" + std::to_string(i)}}, ""}, now);
    CHECK(held(limits) == 60);
    CHECK(held(limits, "unheard_of") == 0);
    CHECK(held(limits, "made_up_1") == 0);
}

TEST_CASE("a later, shorter limit does not end a longer one") {
    auto limits = after(429, {{"Retry-After", "100"}});
    limits.learn({429, {{"Retry-After", "10"}}, ""}, now);
    CHECK(held(limits) == 100);
}

}  // namespace
}  // namespace cadenza::sentry
