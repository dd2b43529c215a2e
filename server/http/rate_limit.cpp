#include "server/http/rate_limit.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace cadenza::http {
namespace {

constexpr std::int64_t second = 1'000'000;

std::int64_t in_seconds(std::int64_t us) { return (us + second - 1) / second; }

}  // namespace

std::optional<RateRule> parse_rate(std::string_view text) {
    std::int64_t period{};
    if (text.ends_with("/s"))
        period = second;
    else if (text.ends_with("/m"))
        period = 60 * second;
    else
        return std::nullopt;
    text.remove_suffix(2);
    std::int64_t count{};
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (ec != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    if (count < 1 || count > 100'000) return std::nullopt;
    return RateRule{period / count, 2 * count};
}

RateDecision take(const RateRule& rule, std::int64_t& full_at, std::int64_t now) {
    const auto window = rule.window_us();
    // Between full and empty, wherever a clock that was set has left it.
    const auto before = std::clamp(full_at, now, now + window);
    const auto after = before + rule.interval_us;
    RateDecision out;
    if (after > now + window) {
        full_at = before;
        out.allowed = false;
        out.full_us = before - now;
        out.retry_us = after - window - now;
        return out;
    }
    full_at = after;
    out.full_us = after - now;
    out.remaining = (window - out.full_us) / rule.interval_us;
    return out;
}

RateTable::Bucket& RateTable::touch(const std::string& key) {
    if (const auto found = buckets_.find(key); found != buckets_.end()) {
        uses_.splice(uses_.begin(), uses_, found->second.use);
        return found->second;
    }
    if (buckets_.size() >= most_) {
        buckets_.erase(uses_.back());
        uses_.pop_back();
    }
    uses_.push_front(key);
    return buckets_.emplace(key, Bucket{0, uses_.begin()}).first->second;
}

RateDecision RateTable::take(const std::string& key, std::int64_t now) {
    return http::take(rule_, touch(key).full_at, now);
}

RateDecision RateTable::peek(const std::string& key, std::int64_t now) const {
    const auto found = buckets_.find(key);
    auto full_at = found == buckets_.end() ? 0 : found->second.full_at;
    return http::take(rule_, full_at, now);
}

void RateTable::settle(const std::string& key, std::int64_t full_at) { touch(key).full_at = full_at; }

std::string policy_item(std::string_view name, const RateRule& rule) {
    return "\"" + std::string(name) + "\";q=" + std::to_string(rule.burst) +
           ";w=" + std::to_string(in_seconds(rule.window_us()));
}

std::string limit_item(std::string_view name, const RateDecision& decision) {
    return "\"" + std::string(name) + "\";r=" + std::to_string(decision.remaining) +
           ";t=" + std::to_string(in_seconds(decision.full_us));
}

std::string rate_address(const std::string& address) {
    boost::system::error_code ec;
    const auto parsed = boost::asio::ip::make_address(address, ec);
    if (ec || !parsed.is_v6()) return address;
    auto bytes = parsed.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace cadenza::http
