#include "server/stores.hpp"

namespace cadenza::server {
namespace {

Lifetimes lifetimes(const Config& config) { return {config.session_idle, config.session_absolute}; }

CookieSessionStore::Options cookie_options(const Config& config) {
    CookieSessionStore::Options options{.lifetimes = lifetimes(config)};
    if (config.session_store != SessionStoreKind::cookie)
        options.lifetimes.absolute = std::min(options.lifetimes.absolute, longest_stand_in);
    return options;
}

}  // namespace

Stores::Stores(const Surroundings& given)
    : memory_({.lifetimes = lifetimes(given.config), .on_end = given.on_end}),
      cookies_(given.keys, cookie_options(given.config)) {
    switch (given.config.session_store) {
        case SessionStoreKind::memory: chosen_ = &memory_; break;
        case SessionStoreKind::cookie: chosen_ = &cookies_; break;
        case SessionStoreKind::redis: chosen_ = &with_redis(given); break;
    }
}

SessionStore& Stores::with_redis(const Surroundings& given) {
    redis_.emplace(*given.redis, given.keys, given.log,
                   RedisSessionStore::Options{.lifetimes = lifetimes(given.config), .on_end = given.on_end});
    switch (given.config.store_fallback) {
        case StoreFallback::cookie: return cookie_fallback_.emplace(*redis_, cookies_);
        case StoreFallback::memory:
            return memory_fallback_.emplace(given.executor, *redis_, memory_, given.clock, given.log);
        default: return *redis_;
    }
}

}  // namespace cadenza::server
