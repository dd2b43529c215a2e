#include "shared/base/time.hpp"

#include "tests/support/catch.hpp"

namespace cadenza {
namespace {

TEST_CASE("durations read as a clock") {
    CHECK(format_duration(-1) == "0:00");
    CHECK(format_duration(59'999) == "0:59");
    CHECK(format_duration(187'000) == "3:07");
    CHECK(format_duration(3'723'000) == "1:02:03");
    CHECK(spell_duration(61'000) == "1 minute 1 second");
    CHECK(spell_duration(3'720'000) == "1 hour 2 minutes 0 seconds");
    CHECK(format_total(0) == "1 min");
    CHECK(format_total(4'320'000) == "1 hr 12 min");
}

TEST_CASE("instants read and write as RFC 3339") {
    CHECK(parse_instant("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_instant("2026-03-03T10:20:30Z") == 1'772'533'230'000);
    CHECK(parse_instant("2026-03-03T10:20:30.25Z") == 1'772'533'230'250);
    CHECK(parse_instant("2024-02-29T00:00:00Z").has_value());
    CHECK(format_instant(1'772'533'230'250) == "2026-03-03T10:20:30Z");
    for (const auto* broken :
         {"", "2026", "2026-02-29T00:00:00Z", "2026-03-03T25:00:00Z", "2026-03-03T10:20:30",
          "2026-03-03T10:20:30.Z", "2026-03-03 10:20:30Z", "-026-03-03T10:20:30Z"}) {
        CAPTURE(broken);
        CHECK_FALSE(parse_instant(broken));
    }
}

TEST_CASE("ages are coarse") {
    constexpr std::int64_t now = 1'772'533'230'000;
    CHECK(format_age(now, now) == "just now");
    CHECK(format_age(now + 5'000, now) == "just now");
    CHECK(format_age(now - 5 * 60'000, now) == "5 min ago");
    CHECK(format_age(now - 3 * 3'600'000, now) == "3 h ago");
    CHECK(format_age(now - 30 * 3'600'000, now) == "yesterday");
    CHECK(format_age(now - 4 * 86'400'000, now) == "4 days ago");
    CHECK(format_age(now - 86'400'000ll * 60, now) == "2 Jan 2026");
}

}  // namespace
}  // namespace cadenza
