#include "server/routes/shared_edits.hpp"

#include "server/redis/script.hpp"

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 250ms;

// KEYS the set; ARGV when (ms since 1970), id, how many stay, for how long (ms).
const redis::Script keep(R"(
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1)");
constexpr const char* most = "1000";
constexpr const char* kept_ms = "2592000000";  // 30 days: a device may be off for that long

std::string name_of(const std::string& account) { return "cadenza:1:edits:" + account; }
Deadline soon() { return std::chrono::steady_clock::now() + patience; }

}  // namespace

asio::awaitable<bool> SharedEdits::contains(std::string account, std::string id) const {
    const auto name = name_of(account);
    const auto reply = co_await redis_.run(
        {.words = {"ZSCORE", name, std::move(id)}, .key = name, .repeatable = true}, soon());
    co_return reply && reply->kind == redis::Reply::Kind::text;
}

asio::awaitable<void> SharedEdits::add(std::string account, std::string id, std::int64_t now) const {
    (void)co_await redis::run_script(redis_, keep,
                                     {.keys = {name_of(account)},
                                      .arguments = {std::to_string(now), std::move(id), most, kept_ms},
                                      .repeatable = true},
                                     soon());
}

asio::awaitable<void> SharedEdits::forget(std::string account) const {
    const auto name = name_of(account);
    (void)co_await redis_.run({.words = {"DEL", name}, .key = name, .repeatable = true}, soon());
}

}  // namespace cadenza::server
