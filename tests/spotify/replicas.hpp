#pragma once

#include "tests/spotify/people.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"

#include <memory>
#include <utility>

namespace cadenza::server {

// Two servers over one Redis at one address: which of them answers is up to the test.
struct Replicas {
    RedisServer server_process{{"--appendonly", "yes", "--appendfsync", "always"}};
    PlainRedis redis{server_process.socket()};
    Harness server;
    std::unique_ptr<App> other;

    Replicas() {
        server.config.replicas = 2;
        server.services->redis = &redis;
        server.restart();
        other = std::make_unique<App>(*server.services, std::nullopt);
    }
    void turn() { std::swap(server.app, other); }
};

}  // namespace cadenza::server
