// Snapshots in memory that processes share.

#include "server/shared_metrics.hpp"

#include "server/base/metrics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

#include <cstdio>
#include <optional>
#include <unistd.h>

namespace cadenza::server {
namespace {

MetricsSnapshot counted(double count) {
    Metrics registry;
    registry.counter({"first_total", "One."}).add({}, count);
    registry.histogram({"took_seconds", "Two."}, {1}).observe(count);
    registry.gauge({"open", "Three."}, Merge::sum).set(count);
    registry.counter({"last_total", "Four."}).add({}, count);
    return registry.snapshot();
}

// nullopt: there is none of that name.
std::optional<double> value(const MetricsSnapshot& snapshot, const std::string& name) {
    for (const auto& family : snapshot.families)
        if (family.name == name) return family.series.at(0).value;
    return std::nullopt;
}

// A worker of that number which publishes `count` and waits to be ended.
struct Counting {
    Counting(SharedMetrics& metrics, std::size_t number, double count)
        : program([&] {
              MetricsShare share(metrics, number);
              std::puts(share.publish(counted(count)) ? "published" : "too long");
              std::fflush(stdout);
              for (;;) ::pause();
              return 0;
          }) {
        metrics.started(number, program.pid());
        REQUIRE(program.first_line() == "published");
    }

    Program program;
};

}  // namespace

TEST_CASE("the metrics of workers are summed, and counters outlive them") {
    SharedMetrics metrics(2);
    CHECK(value(metrics.sum(), "cadenza_workers") == 0);
    CHECK_FALSE(value(metrics.sum(), "first_total"));

    const Counting first(metrics, 0, 3);
    const Counting second(metrics, 1, 4);
    CHECK(value(metrics.sum(), "first_total") == 7);
    CHECK(value(metrics.sum(), "took_seconds") == 7);
    CHECK(value(metrics.sum(), "open") == 7);
    CHECK(value(metrics.sum(), "cadenza_workers") == 2);
    CHECK(value(metrics.sum(), "cadenza_worker_restarts_total") == 0);

    metrics.ended(1);
    CHECK(value(metrics.sum(), "first_total") == 7);
    CHECK(value(metrics.sum(), "took_seconds") == 7);
    CHECK(value(metrics.sum(), "open") == 3);
    CHECK(value(metrics.sum(), "cadenza_workers") == 1);

    metrics.started(1, ::getpid());  // one that has not published anything yet
    CHECK(value(metrics.sum(), "first_total") == 7);
    CHECK(value(metrics.sum(), "open") == 3);

    for (int i = 1; i <= 3; ++i) {
        metrics.ended(1);
        const Counting next(metrics, 1, 10);
        CHECK(value(metrics.sum(), "first_total") == 7 + 10 * i);
        CHECK(value(metrics.sum(), "open") == 13);
        CHECK(value(metrics.sum(), "cadenza_workers") == 2);
        CHECK(value(metrics.sum(), "cadenza_worker_restarts_total") == 1 + i);
    }
}

TEST_CASE("a snapshot is read whole while the next one is written, and never one before the last") {
    SharedMetrics metrics(1);
    constexpr double last = 3'000;
    Program writer([&] {
        MetricsShare share(metrics, 0);
        for (double count = 1; count <= last; ++count)
            if (!share.publish(counted(count))) return 1;
        return 0;
    });
    double seen = 0;
    for (int reads = 0; seen < last; ++reads) {
        const auto snapshot = metrics.sum();
        const auto first = value(snapshot, "first_total").value_or(0);
        if (first < seen || value(snapshot, "last_total").value_or(0) != first)
            FAIL("torn or old: " << first << " after " << seen);
        seen = first;
        REQUIRE((seen == last || reads < 1'000'000));
    }
    CHECK(writer.wait() == 0);
}

TEST_CASE("a snapshot that is too long leaves the last one in its place") {
    SharedMetrics metrics(1);
    MetricsShare share(metrics, 0);
    REQUIRE(share.publish(counted(5)));
    auto snapshot = counted(6);
    snapshot.families[0].help.assign(SharedMetrics::most_bytes, 'x');
    CHECK_FALSE(share.publish(snapshot));
    CHECK(value(share.sum(), "first_total") == 5);
    CHECK(share.publish(counted(7)));
    CHECK(value(share.sum(), "first_total") == 7);
}

}  // namespace cadenza::server
