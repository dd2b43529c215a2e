#pragma once

// Counters, gauges and histograms, and their text for Prometheus. A label takes declared values only, so that
// nothing from outside can make the list of series grow. For one thread.

#include "server/base/metrics_snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cadenza::server {

// `values` are all it may say; anything else is counted as `otherwise`.
struct MetricLabel {
    std::string name;
    std::vector<std::string> values;
    std::string otherwise{"other"};
};

struct MetricSpec {
    std::string name;  // "cadenza_requests_total"
    std::string help;  // one sentence
    std::vector<MetricLabel> labels{};
};

// One name with all its series.
class MetricFamily {
public:
    MetricFamily(MetricKind kind, MetricSpec spec, Merge merge = Merge::sum,
                 std::vector<double> buckets = {});

    // One value a label, in the order of the spec. A series is there from its first use on.
    MetricSeries& series(std::initializer_list<std::string_view> values);
    // One more value that the label `name` may say.
    void declare(std::string_view name, std::string value);
    std::size_t bucket_of(double value) const noexcept;
    MetricFamilySnapshot snapshot() const;

private:
    // A series by the places of its labels' values, 16 bits each; place 0 is `otherwise`.
    using Key = std::uint64_t;
    static constexpr std::size_t most_labels = 4;

    MetricFamilySnapshot shape_;  // without series
    std::vector<MetricLabel> labels_;
    std::unordered_map<Key, MetricSeries> series_;
};

using LabelValues = std::initializer_list<std::string_view>;

class Counter {
public:
    explicit Counter(MetricFamily& family) : family_(family) {}
    void add(LabelValues labels = {}, double by = 1) { family_.series(labels).value += by; }
    // For what is counted elsewhere; it never goes back.
    void set(double total, LabelValues labels = {}) { family_.series(labels).value = total; }
    void declare(std::string_view label, std::string value) { family_.declare(label, std::move(value)); }

private:
    MetricFamily& family_;
};

class Gauge {
public:
    explicit Gauge(MetricFamily& family) : family_(family) {}
    void set(double value, LabelValues labels = {}) { family_.series(labels).value = value; }
    void add(double by, LabelValues labels = {}) { family_.series(labels).value += by; }

private:
    MetricFamily& family_;
};

class Histogram {
public:
    explicit Histogram(MetricFamily& family) : family_(family) {}
    void observe(double value, LabelValues labels = {}) {
        auto& series = family_.series(labels);
        ++series.buckets[family_.bucket_of(value)];
        series.value += value;
    }
    void declare(std::string_view label, std::string value) { family_.declare(label, std::move(value)); }

private:
    MetricFamily& family_;
};

class Metrics {
public:
    Metrics() = default;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    Counter counter(MetricSpec spec);
    // `merge` says what the gauge of several processes is.
    Gauge gauge(MetricSpec spec, Merge merge);
    // `buckets` are upper bounds, ascending, without +Inf.
    Histogram histogram(MetricSpec spec, std::vector<double> buckets);

    MetricsSnapshot snapshot() const;

private:
    std::deque<MetricFamily> families_;  // where they are, they stay: the handles point there
};

}  // namespace cadenza::server
