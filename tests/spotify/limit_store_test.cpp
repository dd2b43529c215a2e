#include "server/spotify/allowance.hpp"
#include "server/spotify/redis_limit_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t now = 1'700'000'000'000;
constexpr LedgerCell search{Priority::prefetch, EndpointGroup::search};
constexpr LedgerCell player{Priority::interactive, EndpointGroup::player};

Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(5); }

}  // namespace

TEST_CASE("what replicas count in Redis adds up, and goes by itself") {
    const RedisServer server;
    PlainRedis redis(server.socket());
    RedisLimitStore one(redis, "test:");
    RedisLimitStore two(redis, "test:");
    CHECK(run(one.read(7, soon()))->total() == 0);
    CHECK(run(one.add({7, search, 3}, soon())));
    CHECK(run(two.add({7, search, 2}, soon())));
    CHECK(run(two.add({7, player, 1}, soon())));
    CHECK(run(two.add({8, player, 9}, soon())));
    const auto counts = *run(one.read(7, soon()));
    CHECK(counts.at(search) == 5);
    CHECK(counts.at(player) == 1);
    CHECK(counts.total() == 6);
    const auto ttl = redis.send({"TTL", "test:ledger:7"})->integer;
    CHECK(ttl > 24 * 3'600);
    CHECK(ttl <= 25 * 3'600);

    RedisLimitStore other(redis, "other:");
    CHECK(run(other.read(7, soon()))->total() == 0);

    // What another version wrote is not ours to read, and no reason to fail.
    REQUIRE(redis.send({"HSET", "test:ledger:7", "later.thing", "5", "interactive.unknown", "1", "x", "y"}));
    REQUIRE(redis.send({"HSET", "test:ledger:7", "sync.library", "many"}));
    CHECK(run(one.read(7, soon()))->total() == 6);
}

TEST_CASE("of two cool-downs the later stays, whoever came first") {
    const RedisServer server;
    PlainRedis redis(server.socket());
    RedisLimitStore store(redis, "test:");
    const auto known = [&] { return *run(store.cool_down(soon())); };
    CHECK_FALSE(known());
    CHECK(run(store.cool_down_until({now + 9'000, false}, now, soon())));
    CHECK(known() == CoolDown{now + 9'000, false});
    CHECK(run(store.cool_down_until({now + 50'000'000, true}, now, soon())));
    CHECK(run(store.cool_down_until({now + 9'500, false}, now, soon())));
    CHECK(known() == CoolDown{now + 50'000'000, true});
    const auto ttl = redis.send({"PTTL", "test:cool_down"})->integer;
    CHECK(ttl > 49'000'000);
    CHECK(ttl <= 50'000'000);
    for (const auto* nonsense : {"", "quota", "quota soon", "1 2 3"}) {
        REQUIRE(redis.send({"SET", "test:cool_down", nonsense}));
        CHECK_FALSE(known());
    }
}

TEST_CASE("a Redis that is out or refuses is an error, not an empty ledger") {
    const RedisServer server;
    PlainRedis redis(server.socket());
    RedisLimitStore store(redis, "test:");
    const auto failures = [&] {
        return std::array{!run(store.add({7, search, 1}, soon())).has_value(),
                          !run(store.read(7, soon())).has_value(), !run(store.cool_down(soon())).has_value(),
                          !run(store.cool_down_until({now + 1, false}, now, soon())).has_value()};
    };
    REQUIRE(redis.send({"SET", "test:ledger:7", "not a hash"}));
    REQUIRE(redis.send({"LPUSH", "test:cool_down", "not a string"}));
    CHECK(failures() == std::array{true, true, true, true});
    REQUIRE(redis.send({"FLUSHALL"}));
    CHECK(failures() == std::array{false, false, false, false});
    redis.out = true;
    CHECK(failures() == std::array{true, true, true, true});
}

TEST_CASE("a server that began while Redis was out heeds what is there once it is back") {
    RedisServer server;
    server.kill();
    PlainRedis redis(server.socket());
    auto time = now;
    const Clock clock = [&] { return time; };
    const Log log(Level::error, LogFormat::json, [](std::string_view) {});
    asio::io_context context(1);
    Allowance allowance(context.get_executor(), clock, log, 100,
                        std::make_shared<RedisLimitStore>(redis, "test:"));
    CHECK(run(context, allowance.admit(Priority::interactive)).has_value());
    CHECK(run(context, allowance.admit(Priority::sync)).has_value());

    server.start();
    server.ask({"SET", "test:cool_down", "quota " + std::to_string(now + 60'000)});
    server.ask({"HSET", "test:ledger:" + std::to_string(Ledger::bucket_of(now)), "interactive.player", "95"});
    // A moment ago Redis did not answer; still the cool-down holds for the next request already.
    auto refused = run(context, allowance.admit(Priority::interactive));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ProblemCode::quota_cooldown);
    CHECK(refused.error().retry_at == now + 60'000);

    time += 60'000;
    CHECK(run(context, allowance.admit(Priority::interactive)).has_value());
    refused = run(context, allowance.admit(Priority::sync));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ProblemCode::budget_spent);
}

}  // namespace cadenza::server
