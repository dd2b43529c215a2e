#include "server/spotify/shared_epochs.hpp"

#include "server/spotify/response_cache.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <set>

namespace cadenza::server {
namespace {

struct Two {
    RedisServer process;
    PlainRedis redis{process.socket()};
    std::vector<std::string> lines;
    Log log{Level::info, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    asio::io_context context{1};
    SharedEpochs one{context.get_executor(), redis, "test:", log};
    SharedEpochs two{context.get_executor(), redis, "test:", log};

    template <class T>
    T wait(asio::awaitable<T> task) {
        return run(context, std::move(task));
    }
    std::string of(SharedEpochs& epochs, const std::string& account, Kept kind) {
        const auto epoch = wait(epochs.of(account, kind));
        REQUIRE(epoch);
        CHECK(epoch->size() >= 16);
        return *epoch;
    }
    bool exists(const std::string& account, Kept kind) {
        const auto field = std::to_string(static_cast<int>(kind));
        return redis.send({"HEXISTS", "test:epoch:" + account, field})->integer == 1;
    }
    long logged(const std::string& event) const {
        return std::count_if(lines.begin(), lines.end(),
                             [&](const auto& line) { return line.find(event) != line.npos; });
    }
};

}  // namespace

TEST_CASE("an epoch is one for all, until somebody ends it, and never comes twice") {
    Two both;
    std::set<std::string> seen;
    for (int i = 0; i < 4; ++i) {
        const auto first = both.of(both.one, "anna", Kept::library);
        CHECK(both.of(both.two, "anna", Kept::library) == first);
        CHECK(both.of(both.one, "anna", Kept::library) == first);
        CHECK(seen.insert(first).second);
        both.wait((i % 2 ? both.one : both.two).end("anna", Kept::library));
    }
}

TEST_CASE("a write ends the epoch of what it changes, leaving those of the account") {
    Two both;
    const auto all = [&] {
        return std::array{both.of(both.two, "anna", Kept::library), both.of(both.two, "anna", Kept::top),
                          both.of(both.two, "anna", Kept::never), both.of(both.two, "bert", Kept::library)};
    };
    const auto before = all();
    both.wait(both.one.end("anna", Kept::library));
    const auto after = all();
    CHECK(after[0] != before[0]);
    CHECK(std::equal(before.begin() + 1, before.end(), after.begin() + 1));
    both.wait(both.one.end_all("anna"));
    const auto left = all();
    for (std::size_t i = 0; i < 3; ++i) CHECK(left[i] != after[i]);
    CHECK(left[3] == after[3]);
}

TEST_CASE("an epoch outlives what is kept in it; one that is lost does not come back") {
    Two both;
    const auto before = both.of(both.one, "anna", Kept::library);
    const auto left = [&] { return both.redis.send({"PTTL", "test:epoch:anna"})->integer; };
    CHECK(left() > longest_kept_ms);
    CHECK(left() <= longest_kept_ms + 3'600'000);
    REQUIRE(both.redis.send({"PEXPIRE", "test:epoch:anna", "1"}));
    while (left() != -2) {
    }
    CHECK(both.of(both.one, "anna", Kept::library) != before);
    // Another kind's beginning gives it its whole time again.
    REQUIRE(both.redis.send({"PEXPIRE", "test:epoch:anna", "5000"}));
    both.of(both.one, "anna", Kept::top);
    CHECK(left() > longest_kept_ms);
}

TEST_CASE("without Redis no epoch is known, and what was to be ended is ended when it is back") {
    Two both;
    const auto before = both.of(both.two, "anna", Kept::library);
    both.of(both.two, "bert", Kept::top);
    both.redis.out = true;
    CHECK_FALSE(both.wait(both.two.of("anna", Kept::library)));
    for (int i = 0; i < 3; ++i) {
        bool told = false;
        const auto tell = [&]() -> asio::awaitable<void> {
            co_await both.one.end("anna", Kept::library);
            co_await both.one.end_all("bert");
            co_await both.one.end("anna", Kept::never);
            told = true;
        };
        both.context.restart();
        asio::co_spawn(both.context, tell(), asio::detached);
        while (!told) both.context.run_one();
    }
    both.redis.out = false;
    CHECK(both.exists("anna", Kept::library));
    both.context.restart();
    both.context.run();  // until nothing is left to be told
    CHECK_FALSE(both.exists("anna", Kept::library));
    CHECK_FALSE(both.exists("bert", Kept::top));
    CHECK(both.of(both.two, "anna", Kept::library) != before);
    CHECK(both.logged("epochs_not_shared") == 2);  // of each
    CHECK(both.logged("epochs_shared") == 2);
}

TEST_CASE("a Redis that is full takes the end of an epoch, and none begins") {
    Two both;
    both.of(both.one, "anna", Kept::library);
    both.of(both.one, "anna", Kept::top);
    auto full = std::make_unique<FullRedis>(both.redis);
    both.of(both.two, "anna", Kept::library);
    both.wait(both.one.end("anna", Kept::library));
    CHECK_FALSE(both.exists("anna", Kept::library));
    CHECK_FALSE(both.wait(both.two.of("anna", Kept::library)));
    // What it does take is no sign that it is back: that would be told each second.
    for (int i = 0; i < 2; ++i) {
        both.wait(both.two.end("anna", Kept::library));
        both.of(both.two, "anna", Kept::top);
        CHECK_FALSE(both.wait(both.two.of("anna", Kept::library)));
    }
    CHECK(both.logged("epochs_not_shared") == 1);
    CHECK(both.logged("epochs_shared") == 0);
    full.reset();
    both.wait(both.two.end("anna", Kept::library));
    both.of(both.two, "anna", Kept::library);
    CHECK(both.logged("epochs_shared") == 1);
}

}  // namespace cadenza::server
