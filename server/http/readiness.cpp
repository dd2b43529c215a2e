#include "server/http/readiness.hpp"

namespace cadenza::http {

bool Readiness::counts_good(const Condition& condition, std::int64_t now) const {
    if (condition.good == condition.counted_good) return condition.good;
    const auto patience = condition.good ? patience_.good : patience_.bad;
    return now - condition.since >= patience.count() ? condition.good : condition.counted_good;
}

void Readiness::report(const std::string& name, bool good, std::int64_t now) {
    auto& condition = conditions_[name];
    if (condition.good == good) return;
    condition.counted_good = counts_good(condition, now);
    condition.good = good;
    condition.since = now;
}

bool Readiness::is_ready(std::int64_t now) const {
    if (stopping_) return false;
    for (const auto& [name, condition] : conditions_)
        if (!condition.tolerated && !counts_good(condition, now)) return false;
    return true;
}

std::string Readiness::describe(std::int64_t now) const {
    if (stopping_) return "stopping";
    std::string bad;
    for (const auto& [name, condition] : conditions_)
        if (!counts_good(condition, now)) bad += (bad.empty() ? "" : ", ") + name;
    if (bad.empty()) return "ready";
    return (is_ready(now) ? "ready without: " : "not ready: ") + bad;
}

}  // namespace cadenza::http
