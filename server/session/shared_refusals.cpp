#include "server/session/shared_refusals.hpp"

#include "server/redis/script.hpp"
#include "server/session/refusal_breaker.hpp"
#include "server/session/sid.hpp"

#include <charconv>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 250ms;
constexpr auto window_ms = RefusalBreaker::window_ms;

// KEYS open_until, refused; ARGV now, account, a window ago, a window from now, the window (ms), how many
// accounts open it. Until when it is open, or 0.
const redis::Script count_refused(R"(
local open = tonumber(redis.call('GET', KEYS[1]) or '0')
if open > tonumber(ARGV[1]) then return open end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
if redis.call('ZCARD', KEYS[2]) < tonumber(ARGV[6]) then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return tonumber(ARGV[4]))");

Deadline soon() { return std::chrono::steady_clock::now() + patience; }

std::optional<std::int64_t> later(std::int64_t until, std::int64_t now) {
    return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace

asio::awaitable<std::optional<std::int64_t>> SharedRefusals::count(std::string account,
                                                                   std::int64_t now) const {
    redis::ScriptCall call{.keys = {prefix_ + "open_until", prefix_ + "refused"},
                           .arguments = {std::to_string(now), account_tag(account),
                                         std::to_string(now - window_ms), std::to_string(now + window_ms),
                                         std::to_string(window_ms), std::to_string(RefusalBreaker::limit)},
                           .repeatable = true};
    const auto reply = co_await redis::run_script(redis_, count_refused, std::move(call), soon());
    co_return later(reply ? reply->integer : 0, now);
}

asio::awaitable<std::optional<std::int64_t>> SharedRefusals::open_until(std::int64_t now) const {
    const auto key = prefix_ + "open_until";
    const auto reply = co_await redis_.run({.words = {"GET", key}, .key = key, .repeatable = true}, soon());
    std::int64_t until{};
    if (reply && reply->kind == redis::Reply::Kind::text)
        std::from_chars(reply->text.data(), reply->text.data() + reply->text.size(), until);
    co_return later(until, now);
}

}  // namespace cadenza::server
