#include "server/doctor/redis.hpp"

#include "tests/doctor/settings_of.hpp"

namespace cadenza::server::doctor {
namespace {

RedisFacts facts(std::map<std::string, std::string, std::less<>> said) {
    return {.unreachable = "",
            .latency = std::chrono::microseconds(340),
            .said = std::move(said),
            .withheld = ""};
}

Config with_redis() { return app({{"REDIS_URL", "redis://127.0.0.1"}}); }

}  // namespace

TEST_CASE("INFO is read line by line") {
    RedisFacts out{};
    take_info(out, "# Server\r\nredis_version:7.0.15\r\n\r\nexecutable:/a:b\r\nrole:master");
    CHECK(out.said.size() == 3);
    CHECK(out.said.at("redis_version") == "7.0.15");
    CHECK(out.said.at("executable") == "/a:b");
    CHECK(out.said.at("role") == "master");
}

TEST_CASE("a Redis that is out of reach is one failure, and none is nothing to look at") {
    RedisFacts out{};
    out.unreachable = "connection refused";
    const auto found = redis_findings(with_redis(), out);
    REQUIRE(found.size() == 1);
    CHECK(found[0].state == State::failed);
    CHECK(found[0].what == "cannot be used: connection refused");
    CHECK(redis_findings(app(), out).at(0).state == State::skipped);
}

TEST_CASE("a Redis as it should be") {
    for (const auto& found : redis_findings(with_redis(), facts({{"redis_version", "7.0.15"},
                                                                 {"role", "master"},
                                                                 {"aof_enabled", "1"},
                                                                 {"save", ""},
                                                                 {"maxmemory", "0"},
                                                                 {"maxmemory_policy", "noeviction"}})))
        CHECK(found.state == State::ok);
    CHECK(redis_reachable(facts({})).what == "answers in 0.3 ms");
}

TEST_CASE("Redis far away, old, or a replica") {
    auto far = facts({});
    far.latency = std::chrono::milliseconds(45);
    CHECK(redis_reachable(far).state == State::warning);
    CHECK(redis_version(facts({{"redis_version", "5.0.3"}})).state == State::warning);
    CHECK(redis_version(facts({{"redis_version", "10.1"}})).state == State::ok);
    CHECK(redis_role(facts({{"role", "slave"}})).state == State::failed);
}

TEST_CASE("what Redis keeps over a restart") {
    const auto state = [](std::map<std::string, std::string, std::less<>> said) {
        return redis_persistence(facts(std::move(said))).state;
    };
    CHECK(state({{"aof_enabled", "1"}}) == State::ok);
    CHECK(state({{"aof_enabled", "1"}, {"aof_last_write_status", "err"}}) == State::failed);
    CHECK(state({{"aof_enabled", "0"}, {"save", "3600 1"}}) == State::ok);
    CHECK(state({{"aof_enabled", "0"}, {"save", "3600 1"}, {"rdb_last_bgsave_status", "err"}}) ==
          State::failed);
    CHECK(state({{"aof_enabled", "0"}, {"save", ""}}) == State::warning);
    CHECK(state({{"aof_enabled", "0"}}) == State::skipped);  // CONFIG was refused
    CHECK(state({{"save", ""}}) == State::skipped);          // INFO was refused
}

TEST_CASE("what Redis drops when its memory is full") {
    const auto state = [](const std::string& policy, const std::string& maxmemory) {
        return redis_eviction(facts({{"maxmemory_policy", policy}, {"maxmemory", maxmemory}})).state;
    };
    CHECK(state("noeviction", "100") == State::ok);
    CHECK(state("allkeys-lru", "100") == State::failed);
    CHECK(state("allkeys-lfu", "0") == State::failed);
    CHECK(state("volatile-ttl", "100") == State::warning);
    CHECK(state("volatile-ttl", "0") == State::ok);
}

TEST_CASE("what Redis does not tell is skipped, with its reason") {
    auto silent = facts({});
    silent.withheld = "NOPERM this user has no permissions to run the 'info' command";
    for (const auto& finding :
         {redis_version(silent), redis_role(silent), redis_persistence(silent), redis_eviction(silent)}) {
        CHECK(finding.state == State::skipped);
        CHECK(finding.what.ends_with(silent.withheld));
    }
}

}  // namespace cadenza::server::doctor
