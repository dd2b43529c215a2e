#include "server/base/metrics_snapshot.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cadenza::server {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kinds{"counter", "gauge", "histogram"};

bool same_shape(const MetricFamilySnapshot& a, const MetricFamilySnapshot& b) {
    return a.kind == b.kind && a.merge == b.merge && a.labels == b.labels && a.bounds == b.bounds;
}

void add(MetricFamilySnapshot& into, const MetricSeries& series) {
    const auto place =
        std::lower_bound(into.series.begin(), into.series.end(), series,
                         [](const MetricSeries& a, const MetricSeries& b) { return a.labels < b.labels; });
    if (place == into.series.end() || place->labels != series.labels) {
        into.series.insert(place, series);
        return;
    }
    if (into.kind == MetricKind::gauge && into.merge == Merge::highest)
        place->value = std::max(place->value, series.value);
    else
        place->value += series.value;
    for (std::size_t i = 0; i < place->buckets.size(); ++i) place->buckets[i] += series.buckets[i];
}

Json to_json(const MetricFamilySnapshot& family) {
    auto series = Json::array();
    for (const auto& one : family.series) series.push_back({one.labels, one.value, one.buckets});
    return {{"name", family.name},
            {"help", family.help},
            {"kind", static_cast<int>(family.kind)},
            {"merge", static_cast<int>(family.merge)},
            {"labels", family.labels},
            {"bounds", family.bounds},
            {"series", std::move(series)}};
}

MetricFamilySnapshot family_from(const Json& json) {
    MetricFamilySnapshot out;
    json.at("name").get_to(out.name);
    json.at("help").get_to(out.help);
    out.kind = static_cast<MetricKind>(std::clamp(json.at("kind").get<int>(), 0, 2));
    out.merge = static_cast<Merge>(std::clamp(json.at("merge").get<int>(), 0, 1));
    json.at("labels").get_to(out.labels);
    json.at("bounds").get_to(out.bounds);
    const std::size_t buckets = out.kind == MetricKind::histogram ? out.bounds.size() + 1 : 0;
    for (const auto& one : json.at("series")) {
        MetricSeries series;
        one.at(0).get_to(series.labels);
        one.at(1).get_to(series.value);
        one.at(2).get_to(series.buckets);
        if (series.labels.size() == out.labels.size() && series.buckets.size() == buckets)
            out.series.push_back(std::move(series));
    }
    return out;
}

std::string number(double value) {
    std::array<char, 32> text{};
    constexpr double exact = 1e15;  // whole numbers up to here, and no "1e+05"
    if (value == std::trunc(value) && std::abs(value) < exact)
        return std::to_string(static_cast<std::int64_t>(value));
    const auto [end, ec] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || (quotes && c == '"')) out += '\\';
        out += c;
    }
    return out;
}

// "{route=\"/livez\",le=\"0.1\"}"; empty without labels.
std::string label_set(const MetricFamilySnapshot& family, const MetricSeries& series,
                      const std::string& bound = {}) {
    std::string out;
    for (std::size_t i = 0; i < family.labels.size(); ++i)
        out += (i == 0 ? "" : ",") + family.labels[i] + "=\"" + escaped(series.labels[i], true) + "\"";
    if (!bound.empty()) out += (out.empty() ? "le=\"" : ",le=\"") + bound + "\"";
    return out.empty() ? out : "{" + out + "}";
}

void write_histogram(const MetricFamilySnapshot& family, const MetricSeries& series, std::string& out) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < series.buckets.size(); ++i) {
        count += series.buckets[i];
        const auto bound = i < family.bounds.size() ? number(family.bounds[i]) : "+Inf";
        out +=
            family.name + "_bucket" + label_set(family, series, bound) + " " + std::to_string(count) + "\n";
    }
    const auto labels = label_set(family, series);
    out += family.name + "_sum" + labels + " " + number(series.value) + "\n";
    out += family.name + "_count" + labels + " " + std::to_string(count) + "\n";
}

}  // namespace

void merge(MetricsSnapshot& into, const MetricsSnapshot& other) {
    for (const auto& family : other.families) {
        const auto found =
            std::find_if(into.families.begin(), into.families.end(),
                         [&](const MetricFamilySnapshot& known) { return known.name == family.name; });
        if (found == into.families.end()) {
            into.families.push_back(family);
            continue;
        }
        if (!same_shape(*found, family)) continue;
        for (const auto& series : family.series) add(*found, series);
    }
}

MetricsSnapshot without_gauges(MetricsSnapshot snapshot) {
    std::erase_if(snapshot.families,
                  [](const MetricFamilySnapshot& family) { return family.kind == MetricKind::gauge; });
    return snapshot;
}

std::string serialize(const MetricsSnapshot& snapshot) {
    auto families = Json::array();
    for (const auto& family : snapshot.families) families.push_back(to_json(family));
    return families.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<MetricsSnapshot> parse_snapshot(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_array()) return std::nullopt;
    MetricsSnapshot out;
    try {
        for (const auto& family : json) out.families.push_back(family_from(family));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    return out;
}

std::string to_prometheus(const MetricsSnapshot& snapshot) {
    std::string out;
    for (const auto& family : snapshot.families) {
        if (family.series.empty()) continue;
        out += "# HELP " + family.name + " " + escaped(family.help, false) + "\n";
        out +=
            "# TYPE " + family.name + " " + std::string(kinds[static_cast<std::size_t>(family.kind)]) + "\n";
        for (const auto& series : family.series) {
            if (family.kind == MetricKind::histogram)
                write_histogram(family, series, out);
            else
                out += family.name + label_set(family, series) + " " + number(series.value) + "\n";
        }
    }
    return out;
}

}  // namespace cadenza::server
