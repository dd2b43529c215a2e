#include "server/spotify/cool_down.hpp"

#include "tests/support/catch.hpp"

#include <tuple>
#include <vector>

namespace cadenza::server {

TEST_CASE("two kinds of 429, with all their ways to say how long") {
    constexpr std::int64_t now = 1'700'000'000'000;
    const std::string rate = R"({"error":{"status":429,"message":"API rate limit exceeded"}})";
    const std::string quota =
        R"({"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}})";
    using Row =
        std::tuple<std::string, const char*, std::int64_t, bool>;  // body, Retry-After, seconds, quota
    const std::vector<Row> rows{
        {rate, "4", 4, false},
        {rate, "30", 30, false},
        {rate, "0", 1, false},
        {rate, "-5", 1, false},
        {rate, "-99999999999999999999999", 1, false},
        {rate, nullptr, 1, false},
        {rate, "soon", 1, false},
        {"", "2", 2, false},
        {"Too many requests", "599", 599, false},
        {"Too many requests", "600", 600, true},
        {rate, "48925", 48'925, true},
        {rate, "99999999", 86'400, true},
        {rate, "99999999999999999999999", 86'400, true},
        {quota, "40000", 40'000, true},
        {quota, "5", 60, true},
        {quota, nullptr, 60, true},
    };
    for (const auto& [body, field, seconds, is_quota] : rows) {
        CAPTURE(body, field ? field : "(none)");
        http::ClientResponse answer{429, {}, body};
        if (field) answer.headers.add("Retry-After", field);
        const auto cooling = cool_down_of(answer, now);
        CHECK(cooling == CoolDown{now + seconds * 1'000, is_quota});
        const auto failure = failure_of(cooling);
        CHECK(failure.code == (is_quota ? ProblemCode::quota_cooldown : ProblemCode::rate_limited));
        CHECK(failure.retry_at == cooling.until);
        CHECK(status_of(failure.code) == 429);
    }
}

}  // namespace cadenza::server
