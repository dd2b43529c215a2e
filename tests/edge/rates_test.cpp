// Rates shared by replicas through the real Redis, and what is left of them without it.

#include "server/rates.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <csignal>
#include <thread>

namespace cadenza::server {
namespace {

// So slow that nothing comes back while a test runs.
const http::RateRule slow{60'000'000, 20};

struct Replica {
    explicit Replica(const std::string& socket, http::RateRule rule = slow)
        : redis(socket), rates(rule, &redis, clock, log) {}

    http::RateDecision take(const std::string& key) {
        return run(rates.take(key, std::chrono::steady_clock::now() + std::chrono::seconds(5)));
    }
    int allowed(const std::string& key, int tries) {
        int out = 0;
        for (int i = 0; i < tries; ++i) out += take(key).allowed ? 1 : 0;
        return out;
    }

    std::int64_t shift{};
    Clock clock{[this] { return system_now() + shift; }};
    std::vector<std::string> lines;
    Log log{Level::debug, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    PlainRedis redis;
    Rates rates;
};

}  // namespace

TEST_CASE("replicas share what a client may do, to the last request") {
    RedisServer redis;
    Replica one(redis.socket());
    Replica two(redis.socket());
    CHECK(one.allowed("address:198.51.100.1", 7) == 7);
    const auto next = two.take("address:198.51.100.1");
    CHECK(next.allowed);
    CHECK(next.remaining == 12);
    CHECK(two.allowed("address:198.51.100.1", 50) == 12);
    CHECK(one.allowed("address:198.51.100.1", 50) == 0);
    const auto refused = one.take("address:198.51.100.1");
    CHECK(refused.retry_us > 55'000'000);
    CHECK(refused.retry_us <= 60'000'000);
    CHECK(refused.full_us <= slow.window_us());
    CHECK(one.allowed("address:198.51.100.2", 50) == 20);
}

TEST_CASE("requests at the same moment are counted one by one") {
    RedisServer redis;
    std::vector<std::thread> threads;
    std::atomic<int> allowed{};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            Replica replica(redis.socket());
            allowed += replica.allowed("k", 50);
        });
    for (auto& thread : threads) thread.join();
    CHECK(allowed == 20);
}

TEST_CASE("a flood stays away from Redis once it is known to be one") {
    RedisServer redis;
    Replica replica(redis.socket());
    REQUIRE(replica.allowed("k", 20) == 20);
    const auto before = replica.redis.commands;
    CHECK(replica.allowed("k", 1'000) == 0);
    CHECK(replica.redis.commands == before);
}

TEST_CASE("Redis learns no address and forgets what says nothing any more") {
    RedisServer redis;
    Replica replica(redis.socket(), {1'000, 2});
    replica.take("address:198.51.100.1");
    const auto ask = [&](std::vector<std::string> words) {
        const auto reply = replica.redis.send(std::move(words));
        REQUIRE(reply);
        return *reply;
    };
    Replica lasting(redis.socket());
    lasting.take("address:198.51.100.1");
    const auto keys = ask({"KEYS", "*"}).items;
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].text.starts_with("cadenza:1:rate:"));
    CHECK(keys[0].text.find("198") == std::string::npos);
    const auto lifetime = ask({"PTTL", keys[0].text}).integer;
    CHECK(lifetime > 55'000);
    CHECK(lifetime <= 60'001);
}

TEST_CASE("without Redis every process counts from what it last heard, and says so once") {
    RedisServer redis;
    Replica replica(redis.socket());
    REQUIRE(replica.allowed("k", 50) == 20);
    redis.kill();
    CHECK(replica.allowed("k", 50) == 0);
    CHECK(replica.allowed("new", 50) == 20);
    CHECK(replica.lines.size() == 1);
    CHECK(replica.lines[0].find("rates_not_shared") != std::string::npos);
    const auto tried = replica.redis.commands;
    CHECK(replica.allowed("other", 5) == 5);
    CHECK(replica.redis.commands == tried);  // nobody waits for it for a second

    redis.start();
    replica.shift = 2'000;
    CHECK(replica.take("back").allowed);
    CHECK(replica.redis.commands == tried + 1);
    REQUIRE(replica.lines.size() == 2);
    CHECK(replica.lines[1].find("\"rates_shared\"") != std::string::npos);
}

TEST_CASE("a Redis that hangs holds up one request, shortly") {
    RedisServer redis;
    Replica replica(redis.socket());
    REQUIRE(replica.take("k").allowed);
    const auto paused = replica.redis.send({"CLIENT", "PAUSE", "20000"});
    REQUIRE(paused);
    const auto before = replica.redis.commands;
    const auto began = std::chrono::steady_clock::now();
    CHECK(replica.allowed("k", 50) == 19);
    CHECK(replica.redis.commands == before + 1);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
}

}  // namespace cadenza::server
