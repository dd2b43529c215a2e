#include "server/stores.hpp"

namespace cadenza::server {
namespace {

Lifetimes lifetimes(const Config& config) { return {config.session_idle, config.session_absolute}; }

// A sealed session that stands in for one in Redis should not stand in for long: it cannot be ended
// elsewhere.
constexpr std::chrono::milliseconds longest_stand_in = std::chrono::hours(24);

CookieSessionStore::Options cookie_options(const Config& config) {
    CookieSessionStore::Options options{.lifetimes = lifetimes(config)};
    if (config.session_store != SessionStoreKind::cookie)
        options.lifetimes.absolute = std::min(options.lifetimes.absolute, longest_stand_in);
    return options;
}

}  // namespace

Stores::Stores(const asio::any_io_executor& executor, const Config& config, const KeyRing& keys,
               const Clock& clock, const Log& log, redis::Client* redis)
    : memory_({.lifetimes = lifetimes(config)}), cookies_(keys, cookie_options(config)) {
    switch (config.session_store) {
        case SessionStoreKind::memory: chosen_ = &memory_; break;
        case SessionStoreKind::cookie: chosen_ = &cookies_; break;
        case SessionStoreKind::redis:
            redis_.emplace(*redis, keys, log, RedisSessionStore::Options{.lifetimes = lifetimes(config)});
            chosen_ = &with_redis(executor, config, clock, log);
    }
}

SessionStore& Stores::with_redis(const asio::any_io_executor& executor, const Config& config,
                                 const Clock& clock, const Log& log) {
    switch (config.store_fallback) {
        case StoreFallback::cookie: return cookie_fallback_.emplace(*redis_, cookies_);
        case StoreFallback::memory: return memory_fallback_.emplace(executor, *redis_, memory_, clock, log);
        default: return *redis_;
    }
}

}  // namespace cadenza::server
