#include "server/base/metrics.hpp"

#include "server/base/server_metrics.hpp"
#include "tests/support/catch.hpp"

#include <set>

namespace cadenza::server {
namespace {

MetricSpec requests() {
    return {"cadenza_requests_total",
            "Requests.",
            {{"route", {"/livez"}, "unmatched"}, {"code", {"200", "404"}}}};
}

TEST_CASE("counters, gauges and histograms are written as Prometheus reads them") {
    Metrics metrics;
    auto counter = metrics.counter(requests());
    auto gauge = metrics.gauge({"cadenza_in_flight", "Under way."}, Merge::sum);
    auto histogram = metrics.histogram({"cadenza_wait_seconds", "Waits.", {{"op", {"find"}}}}, {0.1, 1});
    counter.add({"/livez", "200"});
    counter.add({"/livez", "200"}, 2);
    gauge.add(3);
    gauge.add(-1);
    histogram.observe(0.1, {"find"});  // a bound is within its bucket
    histogram.observe(0.5, {"find"});
    histogram.observe(7, {"find"});
    CHECK(to_prometheus(metrics.snapshot()) ==
          "# HELP cadenza_requests_total Requests.\n"
          "# TYPE cadenza_requests_total counter\n"
          "cadenza_requests_total{route=\"/livez\",code=\"200\"} 3\n"
          "# HELP cadenza_in_flight Under way.\n"
          "# TYPE cadenza_in_flight gauge\n"
          "cadenza_in_flight 2\n"
          "# HELP cadenza_wait_seconds Waits.\n"
          "# TYPE cadenza_wait_seconds histogram\n"
          "cadenza_wait_seconds_bucket{op=\"find\",le=\"0.1\"} 1\n"
          "cadenza_wait_seconds_bucket{op=\"find\",le=\"1\"} 2\n"
          "cadenza_wait_seconds_bucket{op=\"find\",le=\"+Inf\"} 3\n"
          "cadenza_wait_seconds_sum{op=\"find\"} 7.6\n"
          "cadenza_wait_seconds_count{op=\"find\"} 3\n");
}

TEST_CASE("whatever comes from outside, the series stay as many as were declared") {
    Metrics metrics;
    auto counter = metrics.counter(requests());
    for (int i = 0; i < 10'000; ++i) counter.add({"/scan/" + std::to_string(i), std::to_string(i)});
    const auto series = metrics.snapshot().families.at(0).series;
    CHECK(series.size() == 3);  // 200, 404 and other, all of them unmatched
    double total = 0;
    for (const auto& one : series) {
        CHECK(one.labels[0] == "unmatched");
        total += one.value;
    }
    CHECK(total == 10'000);
    counter.declare("route", "/readyz");
    counter.add({"/readyz", "200"});
    CHECK(metrics.snapshot().families.at(0).series.size() == 4);
    // A value called as the rest is makes no second series with its labels.
    counter.declare("route", "unmatched");
    counter.add({"unmatched", "200"});
    CHECK(metrics.snapshot().families.at(0).series.size() == 4);
}

TEST_CASE("a family nobody fed is not there, and wrong labels are a bug") {
    Metrics metrics;
    auto counter = metrics.counter(requests());
    CHECK(to_prometheus(metrics.snapshot()).empty());
    CHECK_THROWS_AS(counter.add({"/livez"}), std::logic_error);
    CHECK_THROWS_AS(counter.declare("nothing", "x"), std::logic_error);
}

TEST_CASE("label values and help are escaped") {
    Metrics metrics;
    metrics.counter({"x_total", "a\\b\nc", {{"what", {"\"\\\n"}}}}).add({"\"\\\n"});
    CHECK(to_prometheus(metrics.snapshot()) ==
          "# HELP x_total a\\\\b\\nc\n# TYPE x_total counter\nx_total{what=\"\\\"\\\\\\n\"} 1\n");
}

struct Worker {
    Metrics metrics;
    Counter counter{metrics.counter(requests())};
    Gauge connections{metrics.gauge({"connections", "Open."}, Merge::sum)};
    Gauge cooldown{metrics.gauge({"cooldown_seconds", "Left."}, Merge::highest)};
    Gauge connected{metrics.gauge({"connected", "1 while it is."}, Merge::lowest)};
    Histogram waits{metrics.histogram({"wait_seconds", "Waits."}, {1})};
};

TEST_CASE("several workers come to one: counts are added, gauges as each says") {
    Worker a;
    Worker b;
    a.counter.add({"/livez", "200"}, 5);
    b.counter.add({"/livez", "200"}, 2);
    b.counter.add({"/livez", "404"});
    a.connections.set(10);
    b.connections.set(4);
    a.cooldown.set(3);
    b.cooldown.set(30);
    a.connected.set(1);
    b.connected.set(0);
    a.waits.observe(0.5);
    b.waits.observe(2);

    auto sum = a.metrics.snapshot();
    merge(sum, b.metrics.snapshot());
    const auto text = to_prometheus(sum);
    for (const auto* line :
         {"cadenza_requests_total{route=\"/livez\",code=\"200\"} 7\n",
          "cadenza_requests_total{route=\"/livez\",code=\"404\"} 1\n", "\nconnections 14\n",
          "\ncooldown_seconds 30\n", "\nconnected 0\n", "wait_seconds_bucket{le=\"1\"} 1\n",
          "wait_seconds_bucket{le=\"+Inf\"} 2\n", "wait_seconds_sum 2.5\n", "wait_seconds_count 2\n"}) {
        CAPTURE(line, text);
        CHECK(text.find(line) != std::string::npos);
    }
    // The order does not matter.
    auto other = b.metrics.snapshot();
    merge(other, a.metrics.snapshot());
    CHECK(to_prometheus(other) == text);

    // A worker that ended: what it counted stays, what it was does not.
    auto ended = without_gauges(a.metrics.snapshot());
    CHECK(ended.families.size() == 2);
    merge(ended, b.metrics.snapshot());
    CHECK(to_prometheus(ended).find("\nconnections 4\n") != std::string::npos);
    CHECK(to_prometheus(ended).find("wait_seconds_count 2\n") != std::string::npos);
}

TEST_CASE("a snapshot goes through a pipe unchanged, and nothing else passes for one") {
    Worker worker;
    worker.counter.add({"/livez", "200"}, 5);
    worker.cooldown.set(0.25);
    worker.connected.set(1);
    worker.waits.observe(0.125);
    const auto snapshot = worker.metrics.snapshot();
    const auto text = serialize(snapshot);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(parse_snapshot(text) == snapshot);
    for (const auto* broken :
         {"", "x", "{}", "[1]", "[{}]", R"([{"name":1}])",
          R"([{"name":"a","help":"","kind":0,"merge":0,"labels":[],"bounds":[],"series":[[1,2]]}])"}) {
        CAPTURE(broken);
        CHECK_FALSE(parse_snapshot(broken).has_value());
    }
    // A histogram short of a bucket would be read past its end.
    const auto shortened = parse_snapshot(
        R"([{"name":"a","help":"","kind":2,"merge":0,"labels":[],"bounds":[1,2],"series":[[[],1,[1]]]}])");
    REQUIRE(shortened);
    CHECK(shortened->families[0].series.empty());
}

TEST_CASE("families that do not fit each other are not mixed") {
    Metrics one;
    Metrics other;
    one.counter({"x_total", "X."}).add();
    other.counter({"x_total", "X.", {{"why", {"a"}}}}).add({"a"});
    auto sum = one.snapshot();
    merge(sum, other.snapshot());
    CHECK(sum == one.snapshot());
}

TEST_CASE("the server's list: the names, and the process's own figures") {
    ServerMetrics metrics("1.2.3");
    metrics.declare_route("/livez");
    metrics.requests.add({"/livez", "GET", "200"});
    metrics.requests.add({"/anything", "BREW", "99"});
    metrics.log_dropped.set(7);
    const auto text = to_prometheus(metrics.snapshot());
    for (const auto* line :
         {"cadenza_requests_total{route=\"/livez\",method=\"GET\",code=\"200\"} 1\n",
          "cadenza_requests_total{route=\"unmatched\",method=\"other\",code=\"other\"} 1\n",
          "cadenza_build_info{version=\"1.2.3\"} 1\n", "cadenza_log_dropped_total 7\n"}) {
        CAPTURE(line, text);
        CHECK(text.find(line) != std::string::npos);
    }
    for (const auto& family : metrics.snapshot().families) {
        CAPTURE(family.name);
        CHECK((family.name.starts_with("cadenza_") || family.name.starts_with("process_")));
        CHECK(family.help.ends_with('.'));
        CHECK(family.name.ends_with("_total") == (family.kind == MetricKind::counter));
        if (!family.name.starts_with("process_")) continue;
        REQUIRE(family.series.size() == 1);
        CHECK(family.series[0].value >= (family.name == "process_cpu_seconds_total" ? 0 : 1));
    }
}

}  // namespace
}  // namespace cadenza::server
