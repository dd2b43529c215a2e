#pragma once

// The session store the settings ask for, with what is behind it.

#include "server/config.hpp"
#include "server/session/cookie_fallback_store.hpp"
#include "server/session/memory_fallback_store.hpp"

#include <optional>

namespace cadenza::server {

class Stores {
public:
    // What they are made with; it must outlive them. `redis` is there when the settings name it as the store.
    struct Surroundings {
        asio::any_io_executor executor;
        const Config& config;
        const KeyRing& keys;
        const Clock& clock;
        const Log& log;
        redis::Client* redis{};
        EndObserver on_end{ignore_end};
    };
    explicit Stores(const Surroundings& given);
    Stores(const Stores&) = delete;
    Stores& operator=(const Stores&) = delete;

    SessionStore& sessions() { return *chosen_; }

private:
    SessionStore& with_redis(const Surroundings& given);

    MemorySessionStore memory_;
    CookieSessionStore cookies_;
    std::optional<RedisSessionStore> redis_;
    std::optional<CookieFallbackStore> cookie_fallback_;
    std::optional<MemoryFallbackStore> memory_fallback_;
    SessionStore* chosen_{};
};

}  // namespace cadenza::server
