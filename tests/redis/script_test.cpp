#include "server/redis/script.hpp"

#include "tests/redis/harness.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

TEST_CASE("a script is sent whole once, and by its name from then on") {
    const RedisServer server;
    Caller caller(options_for(server));
    const Script script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    const auto add = [&](const std::string& amount) {
        return caller.loop().run(run_script(caller.client(), script, {{"n"}, {amount}}, soon()));
    };
    CHECK(add("2")->integer == 2);
    CHECK(add("5")->integer == 7);
    const auto stats = server.ask({"INFO", "commandstats"});
    CHECK(stats.find("cmdstat_eval:calls=1") != std::string::npos);
    CHECK(stats.find("cmdstat_evalsha:calls=2") != std::string::npos);
    server.ask({"SCRIPT", "FLUSH"});
    CHECK(add("1")->integer == 8);
    CHECK(add("x")->kind == Reply::Kind::error);
}

TEST_CASE("a script has the name Redis gives it") {
    const RedisServer server;
    const Script script("return 1");
    CHECK(server.ask({"SCRIPT", "LOAD", script.text}) == script.sha1);
}

}  // namespace
}  // namespace cadenza::redis
