#include "server/base/metrics.hpp"

#include <algorithm>
#include <stdexcept>

namespace cadenza::server {
namespace {

constexpr int place_bits = 16;
constexpr std::uint64_t place_mask = (1u << place_bits) - 1;

// 0 for what was not declared, and for what is called so.
std::uint64_t place_of(const MetricLabel& label, std::string_view value) {
    if (value == label.otherwise) return 0;
    const auto& known = label.values;
    const auto found = std::find(known.begin(), known.end(), value);
    return found == known.end() ? 0 : static_cast<std::uint64_t>(found - known.begin()) + 1;
}

const std::string& value_at(const MetricLabel& label, std::uint64_t place) {
    return place == 0 ? label.otherwise : label.values[place - 1];
}

}  // namespace

MetricFamily::MetricFamily(MetricKind kind, MetricSpec spec, Merge merge, std::vector<double> buckets)
    : labels_(std::move(spec.labels)) {
    shape_.name = std::move(spec.name);
    shape_.help = std::move(spec.help);
    shape_.kind = kind;
    shape_.merge = merge;
    shape_.bounds = std::move(buckets);
    for (const auto& label : labels_) shape_.labels.push_back(label.name);
    if (labels_.size() > most_labels) throw std::logic_error("labels of " + shape_.name);
}

MetricSeries& MetricFamily::series(std::initializer_list<std::string_view> values) {
    if (values.size() != labels_.size()) throw std::logic_error("labels of " + shape_.name);
    Key key = 0;
    auto label = labels_.begin();
    for (const auto value : values) key = key << place_bits | place_of(*label++, value);
    const auto [found, fresh] = series_.try_emplace(key);
    if (fresh && shape_.kind == MetricKind::histogram) found->second.buckets.resize(shape_.bounds.size() + 1);
    return found->second;
}

void MetricFamily::declare(std::string_view name, std::string value) {
    for (auto& label : labels_) {
        if (label.name != name) continue;
        if (value != label.otherwise && place_of(label, value) == 0) label.values.push_back(std::move(value));
        return;
    }
    throw std::logic_error("no such label of " + shape_.name);
}

std::size_t MetricFamily::bucket_of(double value) const noexcept {
    const auto& bounds = shape_.bounds;
    return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
}

MetricFamilySnapshot MetricFamily::snapshot() const {
    auto out = shape_;
    for (const auto& [key, series] : series_) {
        auto& copy = out.series.emplace_back(series);
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const auto place = key >> (place_bits * (labels_.size() - 1 - i)) & place_mask;
            copy.labels.push_back(value_at(labels_[i], place));
        }
    }
    std::sort(out.series.begin(), out.series.end(),
              [](const MetricSeries& a, const MetricSeries& b) { return a.labels < b.labels; });
    return out;
}

Counter Metrics::counter(MetricSpec spec) {
    return Counter(families_.emplace_back(MetricKind::counter, std::move(spec)));
}

Gauge Metrics::gauge(MetricSpec spec, Merge merge) {
    return Gauge(families_.emplace_back(MetricKind::gauge, std::move(spec), merge));
}

Histogram Metrics::histogram(MetricSpec spec, std::vector<double> buckets) {
    return Histogram(
        families_.emplace_back(MetricKind::histogram, std::move(spec), Merge::sum, std::move(buckets)));
}

MetricsSnapshot Metrics::snapshot() const {
    MetricsSnapshot out;
    for (const auto& family : families_) out.families.push_back(family.snapshot());
    return out;
}

}  // namespace cadenza::server
