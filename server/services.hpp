#pragma once

// What handlers work with. Everything is passed in, so that tests can put their own in its place.

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/server_metrics.hpp"
#include "server/config.hpp"
#include "server/redis/client.hpp"
#include "server/session/key_ring.hpp"
#include "server/session/session_cookie.hpp"
#include "server/session/session_store.hpp"
#include "server/spotify/transport.hpp"

namespace cadenza::server {

struct Services {
    asio::any_io_executor executor;
    const Config& config;
    const Log& log;
    const Clock& clock;
    const KeyRing& keys;
    SessionStore& sessions;
    const Transport& transport;
    ServerMetrics& metrics;
    redis::Client* redis{};  // nullptr: there is none

    SessionCookie cookie() const { return {config.secure(), config.session_absolute}; }
};

}  // namespace cadenza::server
