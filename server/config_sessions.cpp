#include "server/config_sessions.hpp"

#include "server/base/base64url.hpp"
#include "server/redis/url.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace cadenza::server {
namespace {

constexpr auto day = std::chrono::hours(24);
constexpr auto longest_session = 184 * day;

std::vector<SealingKey> read_keys(ConfigReader& reader) {
    std::vector<SealingKey> keys;
    const auto ring = reader.text("SESSION_KEYS");
    if (!ring) return keys;
    std::stringstream entries(*ring);
    for (std::string entry; std::getline(entries, entry, ',');) {
        const auto colon = entry.find(':');
        const auto id = entry.substr(0, colon);
        const auto bytes = colon == entry.npos ? std::nullopt : from_base64(entry.substr(colon + 1));
        const bool plain =
            !id.empty() && id.size() <= 16 &&
            std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
        // The key itself must not end up in a message.
        if (!plain) {
            reader.complain("SESSION_KEYS",
                            "an entry has no id; kid:base64,… expected, the id 1 to 16 letters or digits");
        } else if (!bytes || bytes->size() < 32) {
            reader.complain(
                "SESSION_KEYS",
                "the key \"" + id + "\" is not 32 bytes in base64; openssl rand -base64 32 makes one");
        } else if (std::any_of(keys.begin(), keys.end(),
                               [&](const SealingKey& key) { return key.id == id; })) {
            reader.complain("SESSION_KEYS", "the id \"" + id + "\" is there twice");
        } else {
            keys.push_back({id, Secret(bytes->substr(0, 32))});
        }
    }
    return keys;
}

void read_lifetimes(ConfigReader& reader, Config& config) {
    config.session_idle = reader.duration("SESSION_IDLE", 14 * day, std::chrono::seconds(1));
    config.session_absolute = reader.duration("SESSION_ABSOLUTE", 180 * day);
    if (config.session_absolute > longest_session)
        reader.complain("SESSION_ABSOLUTE",
                        "is longer than Spotify's grant, which ends six months after sign-in; at most 184d");
    else if (config.session_absolute < config.session_idle)
        reader.complain("SESSION_ABSOLUTE", "is shorter than SESSION_IDLE");
}

void read_store(ConfigReader& reader, Config& config) {
    const auto url = reader.text("REDIS_URL");
    const bool has_redis = url.has_value();
    if (has_redis) {
        if (auto parsed = redis::parse_url(*url))
            config.redis = std::move(*parsed);
        else
            reader.complain("REDIS_URL", parsed.error().detail);
    }
    switch (reader.choice("SESSION_STORE", {"auto", "memory", "redis", "cookie"}, 0)) {
        case 0: config.session_store = has_redis ? SessionStoreKind::redis : SessionStoreKind::memory; break;
        case 2: config.session_store = SessionStoreKind::redis; break;
        case 3: config.session_store = SessionStoreKind::cookie; break;
        default: config.session_store = SessionStoreKind::memory;
    }
    if (config.session_store == SessionStoreKind::redis && !has_redis)
        reader.complain("REDIS_URL",
                        "is missing, and SESSION_STORE=redis needs it: redis://127.0.0.1:6379, say");
}

void read_fallback(ConfigReader& reader, Config& config) {
    const bool given = reader.text("STORE_FALLBACK").has_value();
    constexpr StoreFallback kinds[] = {StoreFallback::none, StoreFallback::cookie, StoreFallback::memory};
    config.store_fallback =
        kinds[reader.choice("STORE_FALLBACK", {"none", "cookie", "memory"}, config.processes() > 1 ? 0 : 2)];
    if (!given) return;
    if (config.store_fallback == StoreFallback::memory && config.processes() > 1)
        reader.complain("STORE_FALLBACK",
                        "memory is no fallback for more than one process, which would not know each other's "
                        "sessions; none or cookie would be right");
    else if (config.store_fallback == StoreFallback::cookie &&
             config.session_store != SessionStoreKind::redis)
        reader.complain("STORE_FALLBACK", "is for SESSION_STORE=redis; leave it unset");
}

// What goes together: the store, the keys, and how many processes there are.
void check_together(ConfigReader& reader, const Config& config) {
    const char* const count = config.workers > 1 ? "WORKERS" : "REPLICAS";
    if (config.demo && config.processes() > 1) {
        reader.complain(count, "demo mode needs one process; 1 would be right, or leave it unset");
        return;
    }
    if (config.session_store == SessionStoreKind::memory && config.processes() > 1)
        reader.complain(reader.text("SESSION_STORE").value_or("auto") == "memory" ? "SESSION_STORE" : count,
                        "more than one process cannot share sessions in memory; set REDIS_URL, or "
                        "SESSION_STORE=cookie");
    if (!config.session_keys.empty() || reader.text("SESSION_KEYS")) return;
    constexpr const char* make = "; kid:base64 expected, and openssl rand -base64 32 makes one";
    if (config.session_store == SessionStoreKind::cookie)
        reader.complain("SESSION_KEYS", std::string("is missing, and SESSION_STORE=cookie needs it") + make);
    else if (config.session_store == SessionStoreKind::redis &&
             config.store_fallback == StoreFallback::cookie)
        reader.complain("SESSION_KEYS", std::string("is missing, and STORE_FALLBACK=cookie needs it") + make);
    else if (config.processes() > 1)
        reader.complain("SESSION_KEYS",
                        std::string("is missing, and more than one process must share it") + make);
}

}  // namespace

void read_sessions(ConfigReader& reader, Config& config) {
    config.session_keys = read_keys(reader);
    read_lifetimes(reader, config);
    config.replicas = static_cast<int>(reader.number("REPLICAS", 1, 1, 1'000));
    config.workers = static_cast<int>(reader.number("WORKERS", 1, 1, 64));
    read_store(reader, config);
    read_fallback(reader, config);
    check_together(reader, config);
}

std::variant<std::vector<SealingKey>, std::vector<ConfigProblem>> read_session_keys(
    const Environment& environment, const ReadFile& read_file) {
    ConfigReader reader(environment, read_file);
    auto keys = read_keys(reader);
    if (!reader.problems().empty()) return reader.problems();
    return keys;
}

const char* name(SessionStoreKind kind) noexcept {
    switch (kind) {
        case SessionStoreKind::redis: return "redis";
        case SessionStoreKind::cookie: return "cookie";
        default: return "memory";
    }
}

const char* name(StoreFallback fallback) noexcept {
    switch (fallback) {
        case StoreFallback::cookie: return "cookie";
        case StoreFallback::memory: return "memory";
        default: return "none";
    }
}

}  // namespace cadenza::server
