#include "server/doctor/redis.hpp"

#include <charconv>

namespace cadenza::server::doctor {
namespace {

std::optional<std::string> said(const RedisFacts& facts, std::string_view name) {
    const auto found = facts.said.find(name);
    return found == facts.said.end() ? std::nullopt : std::optional(found->second);
}

Finding untold(std::string check, const RedisFacts& facts) {
    return {std::move(check), State::skipped,
            "Redis does not tell" + (facts.withheld.empty() ? "" : ": " + facts.withheld),
            "let the user of REDIS_URL run INFO and CONFIG|GET, or look there yourself"};
}

std::string in_milliseconds(std::chrono::microseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

}  // namespace

void take_info(RedisFacts& facts, std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        const auto line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 2);
        const auto colon = line.find(':');
        if (line.starts_with('#') || colon == line.npos) continue;
        facts.said.insert_or_assign(std::string(line.substr(0, colon)), std::string(line.substr(colon + 1)));
    }
}

Finding redis_reachable(const RedisFacts& facts) {
    constexpr std::chrono::milliseconds slow(20);
    if (!facts.unreachable.empty())
        return {"redis", State::failed, "cannot be used: " + facts.unreachable,
                "see that it runs, that REDIS_URL names it, and that this machine may connect"};
    const auto what = "answers in " + in_milliseconds(facts.latency);
    if (facts.latency > slow)
        return {"redis", State::warning, what + ", and every request with a session waits for it",
                "run Redis close to this server"};
    return {"redis", State::ok, what, ""};
}

Finding redis_version(const RedisFacts& facts) {
    constexpr int oldest = 6;
    const auto version = said(facts, "redis_version");
    if (!version) return untold("redis_version", facts);
    int major = 0;
    std::from_chars(version->data(), version->data() + version->size(), major);
    if (major < oldest)
        return {"redis_version", State::warning, *version + " is no longer maintained",
                "use Redis 6 or newer, or Valkey"};
    return {"redis_version", State::ok, *version, ""};
}

Finding redis_role(const RedisFacts& facts) {
    const auto role = said(facts, "role");
    if (!role) return untold("redis_role", facts);
    if (*role != "master")
        return {"redis_role", State::failed, "it is a " + *role + ", which takes no writes",
                "let REDIS_URL name the master, or the sentinels that know it"};
    return {"redis_role", State::ok, "master", ""};
}

Finding redis_persistence(const RedisFacts& facts) {
    const std::string check = "redis_persistence";
    const auto log = said(facts, "aof_enabled");
    const auto save = said(facts, "save");
    if (log == "1") {
        if (said(facts, "aof_last_write_status").value_or("ok") != "ok")
            return {check, State::failed, "its append-only file cannot be written",
                    "look at Redis' log and disk"};
        return {check, State::ok, "append-only file", ""};
    }
    if (save && !save->empty()) {
        if (said(facts, "rdb_last_bgsave_status").value_or("ok") != "ok")
            return {check, State::failed, "its last snapshot could not be written",
                    "look at Redis' log and disk"};
        return {check, State::ok, "snapshots (save " + *save + "); the last minutes before a crash are lost",
                ""};
    }
    if (log && save)
        return {check, State::warning, "nothing is saved: a restart of Redis signs everybody out",
                "set appendonly yes in redis.conf"};
    return untold(check, facts);
}

Finding redis_eviction(const RedisFacts& facts) {
    const std::string check = "redis_eviction";
    const auto policy = said(facts, "maxmemory_policy");
    if (!policy) return untold(check, facts);
    const bool bounded = said(facts, "maxmemory").value_or("0") != "0";
    const auto what = "maxmemory-policy " + *policy;
    const std::string todo = "set maxmemory-policy noeviction, and watch the memory";
    if (policy->starts_with("allkeys-"))
        return {check, State::failed,
                what + " drops sessions when the memory is full" + (bounded ? "" : ", once maxmemory is set"),
                todo};
    if (policy->starts_with("volatile-") && bounded)
        return {check, State::warning, what + " drops sessions when the memory is full: they have a lifetime",
                todo};
    return {check, State::ok, what, ""};
}

Findings redis_findings(const Config& config, const RedisFacts& facts) {
    if (!config.redis) return {{"redis", State::skipped, "REDIS_URL is not set", ""}};
    auto reachable = redis_reachable(facts);
    if (!facts.unreachable.empty()) return {std::move(reachable)};
    return {std::move(reachable), redis_version(facts), redis_role(facts), redis_persistence(facts),
            redis_eviction(facts)};
}

}  // namespace cadenza::server::doctor
