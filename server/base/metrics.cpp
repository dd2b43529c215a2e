#include "server/base/metrics.hpp"

#include <algorithm>
#include <stdexcept>

namespace cadenza::server {
namespace {

constexpr char separator = '\x1F';  // in no label's value

}  // namespace

MetricFamily::MetricFamily(MetricKind kind, MetricSpec spec, Merge merge, std::vector<double> buckets)
    : labels_(std::move(spec.labels)) {
    shape_.name = std::move(spec.name);
    shape_.help = std::move(spec.help);
    shape_.kind = kind;
    shape_.merge = merge;
    shape_.bounds = std::move(buckets);
    for (const auto& label : labels_) shape_.labels.push_back(label.name);
}

MetricSeries& MetricFamily::series(std::initializer_list<std::string_view> values) {
    if (values.size() != labels_.size()) throw std::logic_error("labels of " + shape_.name);
    std::string key;
    auto label = labels_.begin();
    for (const auto value : values) {
        const auto& known = label->values;
        const bool declared = std::find(known.begin(), known.end(), value) != known.end();
        key += declared ? value : std::string_view(label->otherwise);
        key += separator;
        ++label;
    }
    const auto [found, fresh] = series_.try_emplace(std::move(key));
    if (fresh && shape_.kind == MetricKind::histogram) found->second.buckets.resize(shape_.bounds.size() + 1);
    return found->second;
}

void MetricFamily::declare(std::string_view name, std::string value) {
    for (auto& label : labels_) {
        if (label.name != name) continue;
        if (std::find(label.values.begin(), label.values.end(), value) == label.values.end())
            label.values.push_back(std::move(value));
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
        for (std::size_t begin = 0; begin < key.size();) {
            const auto end = key.find(separator, begin);
            copy.labels.push_back(key.substr(begin, end - begin));
            begin = end + 1;
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
