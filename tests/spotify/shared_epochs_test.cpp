#include "server/spotify/shared_epochs.hpp"

#include "server/spotify/response_cache.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

#include <filesystem>
#include <map>
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
    // Not until it is told too.
    void end(SharedEpochs& epochs, const std::string& account, Kept kind) {
        bool ended = false;
        const auto task = [&]() -> asio::awaitable<void> {
            co_await epochs.end(account, kind);
            ended = true;
        };
        context.restart();
        asio::co_spawn(context, task(), asio::detached);
        while (!ended) context.run_one();
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

// As long as it lives, the server refuses all writes since it cannot save to its disk, and answers reads.
class StuckRedis {
public:
    StuckRedis(const RedisServer& process, PlainRedis& redis)
        : redis_(redis), in_the_way_(process.folder().path() + "/dump.rdb") {
        REQUIRE(std::filesystem::create_directory(in_the_way_));
        REQUIRE(redis_.send({"CONFIG", "SET", "save", "900 1"}));
        REQUIRE(redis_.send({"BGSAVE"}));
        while (redis_.send({"SET", "x", "1"})->kind != redis::Reply::Kind::error) {
        }
    }
    ~StuckRedis() { (void)redis_.send({"CONFIG", "SET", "save", ""}); }
    StuckRedis(const StuckRedis&) = delete;
    StuckRedis& operator=(const StuckRedis&) = delete;

private:
    PlainRedis& redis_;
    std::string in_the_way_;
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
    both.of(both.one, "anna", Kept::library);
    CHECK(both.logged("epochs_not_shared") == 2);  // of each
    CHECK(both.logged("epochs_shared") == 2);
}

TEST_CASE("endings that one node of a cluster does not take hold up neither others nor reads") {
    Two both;
    const auto lost = [](const std::string& account) { return account < "bert"; };
    std::map<std::string, int> tries;
    both.redis.lose = [&](const redis::Command& command) {
        const auto account = command.key.substr(command.key.rfind(':') + 1);
        ++tries[account];
        return command.words[0] == "HDEL" && (lost(account) || tries[account] == 2);
    };
    const std::vector<std::string> accounts{"ada", "anna", "bert", "carl"};
    for (const auto& account : accounts) both.of(both.two, account, Kept::library);
    for (const auto& account : accounts) both.end(both.one, account, Kept::library);
    while (both.exists("bert", Kept::library) || both.exists("carl", Kept::library))
        both.context.run_one_for(std::chrono::milliseconds(100));
    CHECK(both.exists("ada", Kept::library));
    const auto before = tries;
    while (tries["ada"] < before.at("ada") + 2 || tries["anna"] < before.at("anna") + 2)
        both.context.run_one_for(std::chrono::milliseconds(100));
    std::optional<std::string> epoch;
    const auto read = [&]() -> asio::awaitable<void> { epoch = co_await both.one.of("bert", Kept::library); };
    asio::co_spawn(both.context, read(), asio::detached);
    both.context.run_one();
    CHECK(epoch);  // at once after a failure
    both.redis.lose = nullptr;
    both.context.run();
    for (const auto* account : {"ada", "anna"}) CHECK_FALSE(both.exists(account, Kept::library));
}

TEST_CASE("a Redis that refuses writes tells no epoch, and is told so once") {
    Two both;
    const auto before = both.of(both.two, "anna", Kept::library);
    {
        const StuckRedis stuck(both.process, both.redis);
        for (int i = 0; i < 2; ++i) {
            CHECK_FALSE(both.wait(both.two.of("anna", Kept::library)));
            CHECK_FALSE(both.wait(both.one.of("anna", Kept::library)));
        }
        for (int i = 0; i < 2; ++i) both.end(both.one, "anna", Kept::library);
        CHECK(both.exists("anna", Kept::library));
        CHECK(both.logged("epochs_not_shared") == 2);  // of each
        CHECK(both.logged("MISCONF") == 2);
        CHECK(both.logged("epochs_shared") == 0);
    }
    both.context.restart();
    both.context.run();
    CHECK_FALSE(both.exists("anna", Kept::library));
    CHECK(both.of(both.two, "anna", Kept::library) != before);
}

TEST_CASE("a Redis that is full takes the end of an epoch, and tells none") {
    Two both;
    both.of(both.one, "anna", Kept::library);
    both.of(both.one, "anna", Kept::top);
    auto full = std::make_unique<FullRedis>(both.redis);
    CHECK_FALSE(both.wait(both.two.of("anna", Kept::top)));
    both.wait(both.one.end("anna", Kept::library));
    CHECK_FALSE(both.exists("anna", Kept::library));
    // What it does take is no sign that it is back: that would be told each second.
    for (int i = 0; i < 2; ++i) {
        both.wait(both.two.end("anna", Kept::library));
        CHECK_FALSE(both.wait(both.two.of("anna", Kept::library)));
    }
    CHECK(both.logged("epochs_not_shared") == 1);
    CHECK(both.logged("epochs_shared") == 0);
    full.reset();
    std::optional<std::string> epoch;
    while (!epoch) epoch = both.wait(both.two.of("anna", Kept::library));
    CHECK(both.logged("epochs_shared") == 1);
}

}  // namespace cadenza::server
