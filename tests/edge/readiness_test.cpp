#include "server/http/readiness.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::http {

TEST_CASE("a condition counts as bad after a while, and as good again after another") {
    Readiness readiness({std::chrono::milliseconds(500), std::chrono::milliseconds(200)});
    CHECK(readiness.is_ready(0));
    CHECK(readiness.describe(0) == "ready");

    readiness.report("store", false, 1'000);
    readiness.report("store", false, 1'400);  // seen again: it is bad since 1000 all the same
    CHECK(readiness.is_ready(1'499));
    CHECK_FALSE(readiness.is_ready(1'500));
    CHECK(readiness.describe(1'500) == "not ready: store");

    readiness.report("store", true, 2'000);
    CHECK_FALSE(readiness.is_ready(2'199));
    CHECK(readiness.is_ready(2'200));
}

TEST_CASE("what flickers changes nothing, on either side") {
    Readiness readiness({std::chrono::milliseconds(500), std::chrono::milliseconds(200)});
    for (std::int64_t now = 0; now < 10'000; now += 200) {
        readiness.report("store", now % 400 != 0, now);
        CHECK(readiness.is_ready(now));
    }
    readiness.report("store", false, 10'000);
    REQUIRE_FALSE(readiness.is_ready(10'600));
    for (std::int64_t now = 10'600; now < 20'000; now += 100) {
        readiness.report("store", now % 200 == 0, now);
        CHECK_FALSE(readiness.is_ready(now));
    }
}

TEST_CASE("every bad condition is named, and stopping is for good") {
    Readiness readiness({std::chrono::milliseconds(0), std::chrono::milliseconds(0)});
    readiness.report("store", false, 1);
    readiness.report("keys", false, 1);
    readiness.report("other", true, 1);
    CHECK(readiness.describe(1) == "not ready: keys, store");
    readiness.stop();
    CHECK(readiness.describe(2) == "stopping");
    readiness.report("store", true, 3);
    readiness.report("keys", true, 3);
    CHECK_FALSE(readiness.is_ready(10'000));
}

TEST_CASE("what there is something to fall back on for is told, and nobody is sent elsewhere") {
    Readiness readiness({std::chrono::milliseconds(500), std::chrono::milliseconds(200)});
    readiness.tolerate("store");
    CHECK(readiness.describe(0) == "ready");
    readiness.report("store", false, 1'000);
    CHECK(readiness.describe(1'499) == "ready");
    CHECK(readiness.describe(1'500) == "ready without: store");
    CHECK(readiness.is_ready(1'500));
    readiness.report("keys", false, 1'000);
    CHECK(readiness.describe(1'500) == "not ready: keys, store");
}

}  // namespace cadenza::http
