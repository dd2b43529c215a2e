#include "server/rates.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/redis/script.hpp"

#include <algorithm>
#include <array>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_buckets = 100'000;
constexpr auto patience = 100ms;          // for Redis, out of the request's time
constexpr std::int64_t pause_ms = 1'000;  // after Redis failed

// http::take() in Redis, by Redis's own clock. Gives whether, and for how long the bucket is not full; the
// key lives as long as it says something.
const redis::Script script(R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local before = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now), now + window)
local after = before + interval
local allowed = after <= now + window and 1 or 0
local full_at = allowed == 1 and after or before
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return {allowed, full_at - now}
)");

}  // namespace

Rates::Rates(http::RateRule rule, redis::Client* redis, const Clock& clock, const Log& log)
    : table_(rule, most_buckets), redis_(redis), clock_(clock), log_(log) {}

asio::awaitable<http::RateDecision> Rates::take(std::string key, Deadline deadline) {
    const auto now = clock_() * 1'000;
    if (!redis_ || now < skip_until_) co_return table_.take(key, now);
    // All counts only grow: what is too much here is too much there, and a flood does not reach Redis.
    if (auto decision = table_.peek(key, now); !decision.allowed) co_return decision;
    if (auto decision = co_await take_shared(key, deadline)) co_return *decision;
    co_return table_.take(key, now);
}

asio::awaitable<std::optional<http::RateDecision>> Rates::take_shared(const std::string& key,
                                                                      Deadline deadline) {
    const auto& rule = table_.rule();
    const auto name = "cadenza:1:rate:" + to_base64url(sha256(key)).substr(0, 22);
    redis::ScriptCall call{
        {name}, {std::to_string(rule.interval_us), std::to_string(rule.window_us())}, false};
    const auto by = std::min(deadline, std::chrono::steady_clock::now() + patience);
    const auto reply = co_await redis::run_script(*redis_, script, std::move(call), by);
    const auto now = clock_() * 1'000;
    const bool good = reply && reply->kind == redis::Reply::Kind::array && reply->items.size() == 2;
    if (good == failing_) {  // once, not once a request
        if (good)
            log_.info("rates_shared");
        else
            log_.warn("rates_not_shared");
    }
    failing_ = !good;
    if (!good) {
        skip_until_ = now + pause_ms * 1'000;
        co_return std::nullopt;
    }
    const auto full_at = now + reply->items[1].integer;
    table_.settle(key, full_at);
    http::RateDecision out;
    out.allowed = reply->items[0].integer == 1;
    out.full_us = reply->items[1].integer;
    if (out.allowed)
        out.remaining = (rule.window_us() - out.full_us) / rule.interval_us;
    else
        out.retry_us = out.full_us + rule.interval_us - rule.window_us();
    co_return out;
}

asio::awaitable<RateVerdict> check_rates(Rates& rates, const http::Request& request, std::string session) {
    RateVerdict out;
    // The address first: a refused one must not use up a session that it only claims to have.
    const std::array<std::pair<std::string_view, std::string>, 2> names{
        {{"address", http::rate_address(request.remote)}, {"session", std::move(session)}}};
    for (const auto& [name, who] : names) {
        if (who.empty()) continue;
        std::string key(name);
        key.append(":").append(who);
        const auto decision = co_await rates.take(std::move(key), request.deadline);
        const std::string comma = out.policy.empty() ? "" : ", ";
        out.policy += comma + http::policy_item(name, rates.rule());
        out.limit += comma + http::limit_item(name, decision);
        if (decision.allowed) continue;
        out.refused_by = name;
        out.retry_after = std::chrono::milliseconds((decision.retry_us + 999) / 1'000);
        break;
    }
    co_return out;
}

}  // namespace cadenza::server
