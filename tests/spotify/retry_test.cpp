#include "server/spotify/retry.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::server {
namespace {

using std::chrono::milliseconds;

int retries_left(RetryBudget budget) {
    int out = 0;
    while (budget.take()) ++out;
    return out;
}

}  // namespace

TEST_CASE("a few retries are allowed at once, then one for ten requests") {
    RetryBudget budget;
    CHECK(retries_left(budget) == 10);
    while (budget.take()) {
    }
    for (int i = 0; i < 9; ++i) budget.add_request();
    CHECK_FALSE(budget.take());
    budget.add_request();
    CHECK(budget.take());
    CHECK_FALSE(budget.take());
}

TEST_CASE("however many requests go well, no more than ten retries are saved") {
    RetryBudget budget;
    for (int i = 0; i < 100'000; ++i) budget.add_request();
    CHECK(retries_left(budget) == 10);
}

TEST_CASE("where every request fails, retries are a tenth of the requests") {
    RetryBudget budget;
    int sent = 0;
    int retries = 0;
    for (int i = 0; i < 10'000; ++i) {
        budget.add_request();
        ++sent;
        if (!budget.take()) continue;
        budget.add_request();
        ++sent;
        ++retries;
    }
    CHECK(retries <= sent / 10 + 10);
    CHECK(retries >= sent / 10);
}

TEST_CASE("a retry waits for any time up to half a second") {
    const milliseconds long_left{18'000};
    CHECK(retry_wait({}, long_left, 0) == milliseconds(0));
    CHECK(retry_wait({}, long_left, 0.5) == milliseconds(250));
    CHECK(retry_wait({}, long_left, 0.999) == milliseconds(499));
}

TEST_CASE("what Spotify asks for is waited for at least, if it is short") {
    const milliseconds long_left{18'000};
    CHECK(retry_wait(milliseconds(1'000), long_left, 0) == milliseconds(1'000));
    CHECK(retry_wait(milliseconds(1'000), long_left, 0.5) == milliseconds(1'250));
    CHECK(retry_wait(milliseconds(2'000), long_left, 0.999) == milliseconds(2'499));
    CHECK_FALSE(retry_wait(milliseconds(2'001), long_left, 0));
}

TEST_CASE("a retry is left out where no time would remain for its answer") {
    CHECK(retry_wait({}, milliseconds(1'000), 0));
    CHECK_FALSE(retry_wait({}, milliseconds(999), 0));
    CHECK_FALSE(retry_wait({}, milliseconds(1'249), 0.5));
    CHECK_FALSE(retry_wait(milliseconds(1'000), milliseconds(1'999), 0));
    CHECK_FALSE(retry_wait({}, milliseconds(-5), 0));
}

}  // namespace cadenza::server
