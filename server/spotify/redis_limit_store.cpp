#include "server/spotify/redis_limit_store.hpp"

#include "server/redis/script.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace cadenza::server {
namespace {

constexpr const char* ledger_ttl_s = "90000";  // the window and an hour

// The later end stays, whichever replica was told first.
const redis::Script keep_the_later(
    "local old = redis.call('GET', KEYS[1]) "
    "if old and tonumber(string.match(old, '%d+$')) >= tonumber(ARGV[2]) then return 0 end "
    "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3]) return 1");

std::string field_of(LedgerCell cell) {
    return std::string(priority_names[static_cast<std::size_t>(cell.priority)]) + "." +
           std::string(endpoint_group_names[static_cast<std::size_t>(cell.group)]);
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t out{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return out;
}

// nullopt for a field of another version's.
std::optional<LedgerCell> cell_of(std::string_view field) {
    const auto dot = field.find('.');
    const auto priority = std::find(priority_names.begin(), priority_names.end(), field.substr(0, dot));
    if (dot == field.npos || priority == priority_names.end()) return std::nullopt;
    const auto group =
        std::find(endpoint_group_names.begin(), endpoint_group_names.end(), field.substr(dot + 1));
    if (group == endpoint_group_names.end()) return std::nullopt;
    return LedgerCell{static_cast<Priority>(priority - priority_names.begin()),
                      static_cast<EndpointGroup>(group - endpoint_group_names.begin())};
}

Status status_of(const Result<redis::Reply>& reply) {
    if (!reply) return reply.error();
    if (reply->kind == redis::Reply::Kind::error) return Error{Errc::storage_failed, reply->text};
    return {};
}

}  // namespace

std::string RedisLimitStore::ledger_key(Ledger::Bucket bucket) const {
    return prefix_ + "ledger:" + std::to_string(bucket);
}

asio::awaitable<Status> RedisLimitStore::add(Ledger::Share share, Deadline deadline) {
    const auto key = ledger_key(share.bucket);
    // Sent twice it counts twice.
    const auto added = co_await redis_.run(
        {.words = {"HINCRBY", key, field_of(share.cell), std::to_string(share.count)}, .key = key}, deadline);
    if (auto status = status_of(added); !status) co_return status;
    // Added is added; a key that keeps no time gets one with the next.
    (void)co_await redis_.run({.words = {"EXPIRE", key, ledger_ttl_s}, .key = key, .repeatable = true},
                              deadline);
    co_return Status{};
}

asio::awaitable<Result<LedgerCounts>> RedisLimitStore::read(Ledger::Bucket bucket, Deadline deadline) {
    const auto key = ledger_key(bucket);
    const auto reply =
        co_await redis_.run({.words = {"HGETALL", key}, .key = key, .repeatable = true}, deadline);
    if (auto status = status_of(reply); !status) co_return status.error();
    LedgerCounts out;
    for (std::size_t i = 0; i + 1 < reply->items.size(); i += 2) {
        const auto cell = cell_of(reply->items[i].text);
        const auto count = number(reply->items[i + 1].text);
        if (cell && count) out.at(*cell) = *count;
    }
    co_return out;
}

asio::awaitable<Result<std::optional<CoolDown>>> RedisLimitStore::cool_down(Deadline deadline) {
    const auto key = prefix_ + "cool_down";
    const auto reply = co_await redis_.run({.words = {"GET", key}, .key = key, .repeatable = true}, deadline);
    if (auto status = status_of(reply); !status) co_return status.error();
    co_return read_cool_down(reply->text);
}

asio::awaitable<Status> RedisLimitStore::cool_down_until(CoolDown cooling, std::int64_t now,
                                                         Deadline deadline) {
    const auto key = prefix_ + "cool_down";
    const auto left = std::max<std::int64_t>(1, cooling.until - now);
    const auto reply = co_await redis::run_script(
        redis_, keep_the_later,
        {.keys = {key},
         .arguments = {to_text(cooling), std::to_string(cooling.until), std::to_string(left)},
         .repeatable = true},
        deadline);
    co_return status_of(reply);
}

}  // namespace cadenza::server
