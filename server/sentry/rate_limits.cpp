#include "server/sentry/rate_limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cadenza::sentry {
namespace {

constexpr std::int64_t usual_s = 60;         // where it says no time that can be read
constexpr std::int64_t most_s = 24 * 3'600;  // a slip of theirs must not silence us for good

// Others are nothing we send.
constexpr std::array<std::string_view, 6> known{"",        "default",      "error", "transaction",
                                                "session", "client_report"};

// Takes what is before the next `end` off `text`.
std::string_view take(std::string_view& text, char end) {
    const auto size = text.find(end);
    const auto out = text.substr(0, size);
    text.remove_prefix(size == text.npos ? text.size() : size + 1);
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// Whole or broken seconds, rounded up.
std::int64_t milliseconds(std::string_view text) {
    double seconds{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool good = ec == std::errc{} && end == text.data() + text.size() && seconds >= 0;
    const auto whole =
        good ? std::ceil(std::min(seconds, static_cast<double>(most_s))) : static_cast<double>(usual_s);
    return static_cast<std::int64_t>(whole) * 1'000;
}

}  // namespace

void RateLimits::limit(std::string_view categories, std::int64_t until) {
    do {
        const auto category = take(categories, ';');
        if (std::find(known.begin(), known.end(), category) == known.end()) continue;
        auto& end = until_[std::string(category)];
        end = std::max(end, until);
    } while (!categories.empty());
}

void RateLimits::learn(const http::ClientResponse& answer, std::int64_t now) {
    if (const auto field = answer.headers.find("X-Sentry-Rate-Limits")) {
        for (auto quotas = *field; !quotas.empty();) {
            auto quota = trimmed(take(quotas, ','));
            if (quota.empty()) continue;
            const auto time = milliseconds(trimmed(take(quota, ':')));
            limit(take(quota, ':'), now + time);
        }
        return;
    }
    if (answer.status == 429) limit("", now + milliseconds(answer.headers.find("Retry-After").value_or("")));
}

bool RateLimits::limits(std::string_view category, std::int64_t now) const {
    const auto holds = [&](std::string_view name) {
        const auto found = until_.find(name);
        return found != until_.end() && now < found->second;
    };
    return holds("") || holds(category);
}

}  // namespace cadenza::sentry
