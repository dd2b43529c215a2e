#pragma once

// All metrics at one moment, as values: what one process hands to another, and what becomes text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

enum class MetricKind { counter, gauge, histogram };

// What the gauges of several processes come to: together (connections, memory), or the highest (a state, a
// time left). Counters and histograms are added up.
enum class Merge { sum, highest };

struct MetricSeries {
    std::vector<std::string> labels;     // the values, in the family's order
    double value{};                      // a histogram's sum
    std::vector<std::uint64_t> buckets;  // a histogram's: how many fell into each, the last beyond all bounds

    bool operator==(const MetricSeries&) const = default;
};

struct MetricFamilySnapshot {
    std::string name;
    std::string help;
    MetricKind kind{};
    Merge merge{};
    std::vector<std::string> labels;
    std::vector<double> bounds;
    std::vector<MetricSeries> series;

    bool operator==(const MetricFamilySnapshot&) const = default;
};

struct MetricsSnapshot {
    std::vector<MetricFamilySnapshot> families;

    bool operator==(const MetricsSnapshot&) const = default;
};

// Adds another process's to `into`. A family known by another kind or other labels is left out.
void merge(MetricsSnapshot& into, const MetricsSnapshot& other);
// What stays of a process that has ended: its counters and histograms, which must not go back.
MetricsSnapshot without_gauges(MetricsSnapshot snapshot);

// One line of JSON, for a pipe; and back. nullopt: not what serialize() writes.
std::string serialize(const MetricsSnapshot& snapshot);
std::optional<MetricsSnapshot> parse_snapshot(std::string_view text);

// Prometheus' text format, version 0.0.4. Families without a series are left out.
// https://prometheus.io/docs/instrumenting/exposition_formats/
std::string to_prometheus(const MetricsSnapshot& snapshot);

}  // namespace cadenza::server
