// Commands find the node of their key, also while keys move and nodes go.

#include "server/redis/script.hpp"
#include "server/redis/slot.hpp"
#include "tests/redis/fake_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/redis_cluster.hpp"

namespace cadenza::redis {
namespace {

// Making one takes seconds; the cases that leave it as it was share it.
RedisCluster& shared_cluster() {
    static RedisCluster cluster;
    return cluster;
}

// A number of `words` among what the nodes were asked since CONFIG RESETSTAT.
bool had_error(RedisCluster& cluster, const std::string& code) {
    for (std::size_t i = 0; i < cluster.size(); ++i)
        if (cluster.node(i).ask({"INFO", "errorstats"}).find("errorstat_" + code) != std::string::npos)
            return true;
    return false;
}

void reset_errors(RedisCluster& cluster) {
    for (std::size_t i = 0; i < cluster.size(); ++i) cluster.node(i).ask({"CONFIG", "RESETSTAT"});
}

// A slot on its way from one master to another.
struct Migration {
    Migration(RedisCluster& in, const std::string& key)
        : cluster(in),
          slot(cluster.slot_of(key)),
          from(cluster.master_of(key)),
          to(cluster.master_of(key) == cluster.master_of("a") ? cluster.master_of("b")
                                                              : cluster.master_of("a")) {
        REQUIRE(from != to);
        REQUIRE(cluster.node(to).ask({"CLUSTER", "SETSLOT", slot, "IMPORTING", cluster.id(from)}) == "OK");
        REQUIRE(cluster.node(from).ask({"CLUSTER", "SETSLOT", slot, "MIGRATING", cluster.id(to)}) == "OK");
    }
    void move(const std::string& key) const {
        const auto port = std::to_string(cluster.node(to).port());
        REQUIRE(cluster.node(from).ask({"MIGRATE", "127.0.0.1", port, key, "0", "5000"}) == "OK");
    }
    // The target has it from now on, and the source knows.
    void finish() const {
        for (const auto node : {to, from})
            REQUIRE(cluster.node(node).ask({"CLUSTER", "SETSLOT", slot, "NODE", cluster.id(to)}) == "OK");
    }

    RedisCluster& cluster;
    std::string slot;
    std::size_t from;
    std::size_t to;
};

TEST_CASE("a cluster: keys go to their nodes without being sent around") {
    auto& cluster = shared_cluster();
    reset_errors(cluster);
    Caller caller(cluster_options(cluster.node(0).port()));
    for (int i = 0; i < 200; ++i) {
        const auto key = "key " + std::to_string(i);
        REQUIRE(caller.text({"SET", key, key}) == "OK");
        REQUIRE(caller.text({"GET", key}) == key);
    }
    CHECK_FALSE(had_error(cluster, "MOVED"));
    CHECK(caller.news() == std::vector<std::pair<Transition, std::string>>{
                               {Transition::connected, caller.news().at(0).second}});
    CHECK(caller.run(Command{.words = {"PING"}})->text == "PONG");
    const Script script("return redis.call('GET', KEYS[1])");
    CHECK(caller.loop().run(run_script(caller.client(), script, {{"key 7"}, {}}, soon()))->text == "key 7");
    CHECK(caller.text({"MGET", "key 1", "key 2", "key 3"}).starts_with("-CROSSSLOT"));
}

TEST_CASE("a cluster: ASK is followed once and the map left as it is, MOVED changes it") {
    auto& cluster = shared_cluster();
    Caller caller(cluster_options(cluster.node(0).port()));
    REQUIRE(caller.text({"SET", "{move}here", "1"}) == "OK");
    const Migration migration(cluster, "{move}here");
    reset_errors(cluster);
    // What is not in the source any more is asked of the target; what is there is not.
    CHECK(caller.text({"SET", "{move}there", "2"}) == "OK");
    CHECK(had_error(cluster, "ASK"));
    CHECK(caller.text({"GET", "{move}there"}) == "2");
    CHECK(caller.text({"GET", "{move}here"}) == "1");
    CHECK_FALSE(had_error(cluster, "MOVED"));

    SECTION("and a command for keys on both sides waits for the move") {
        std::optional<Result<Reply>> reply;
        asio::co_spawn(
            caller.loop().context(),
            caller.client().run({.words = {"MGET", "{move}here", "{move}there"}, .key = "{move}"}, soon()),
            [&](const std::exception_ptr&, Result<Reply> got) { reply = std::move(got); });
        REQUIRE(caller.loop().until([&] { return had_error(cluster, "TRYAGAIN"); }));
        migration.move("{move}here");
        REQUIRE(caller.loop().until([&] { return reply.has_value(); }));
        REQUIRE(*reply);
        CHECK((*reply)->items.size() == 2);
        CHECK((*reply)->items.at(0).text == "1");
    }
    SECTION("or, when the move takes too long, gives up") {
        const auto reply =
            caller.run(Command{.words = {"MGET", "{move}here", "{move}there"}, .key = "{move}"}, 200ms);
        REQUIRE(reply.has_error());
        CHECK(reply.error() == Error{Errc::storage_failed, "redis: TRYAGAIN"});
        migration.move("{move}here");
    }
    migration.finish();
    reset_errors(cluster);
    CHECK(caller.text({"GET", "{move}here"}) == "1");
    CHECK(had_error(cluster, "MOVED"));
    reset_errors(cluster);
    CHECK(caller.text({"GET", "{move}there"}) == "2");
    CHECK_FALSE(had_error(cluster, "MOVED"));
    CHECK(caller.text({"DEL", "{move}here", "{move}there"}) == "2");
}

TEST_CASE("a cluster resharded with commands under way: none fails, none is lost, none is done twice") {
    auto& cluster = shared_cluster();
    auto options = cluster_options(cluster.node(0).port());
    options.timeouts.command = 5s;
    Caller caller(options);
    // Counters in four of the slots that move, with enough beside them that moving takes a while.
    std::vector<std::string> keys;
    for (int i = 0; keys.size() < 400; ++i) {
        const auto tag = "{t" + std::to_string(i) + "}";
        if (slot_of(tag) >= 300) continue;
        for (int n = 0; n < 100; ++n) {
            keys.push_back(tag + std::to_string(n));
            REQUIRE(caller.text({"SET", keys.back(), "0"}) == "OK");
            REQUIRE(caller.text({"SET", keys.back() + "+", std::string(5000, 'x')}) == "OK");
        }
    }
    std::vector<int> counts(keys.size());
    const auto source = cluster.master_of(keys[0]);
    const auto target = cluster.master_of("a") == source ? cluster.master_of("b") : cluster.master_of("a");
    REQUIRE(source != target);
    reset_errors(cluster);
    bool over = false;
    std::size_t failed = 0;
    std::size_t running = 0;
    const auto count = [&](std::size_t first) -> asio::awaitable<void> {
        ++running;
        auto i = first;
        while (!over) {
            i = (i + 7) % keys.size();
            const auto reply =
                co_await caller.client().run({.words = {"INCR", keys[i]}, .key = keys[i]}, soon());
            if (reply && reply->kind == Reply::Kind::integer)
                ++counts[i];
            else
                ++failed;
        }
        --running;
    };
    for (std::size_t i = 0; i < 8; ++i)
        asio::co_spawn(caller.loop().context(), count(i * 50), asio::detached);
    const auto reshard = cluster.reshard(source, target, 300);
    CHECK(caller.loop().until([&] { return !reshard->is_running(); }));
    over = true;
    REQUIRE(caller.loop().until([&] { return running == 0; }));
    CHECK(had_error(cluster, "ASK"));
    CHECK(had_error(cluster, "MOVED"));
    CHECK(failed == 0);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < keys.size(); ++i)
        wrong += caller.text({"GET", keys[i]}) == std::to_string(counts[i]) ? 0 : 1;
    CHECK(wrong == 0);
}

TEST_CASE("a cluster whose master is killed: its replica is found") {
    auto& cluster = shared_cluster();
    Caller caller(cluster_options(cluster.node(0).port()));
    REQUIRE(caller.text({"SET", "{k}", "v"}) == "OK");
    const auto master = cluster.master_of("{k}");
    const auto replica = cluster.replica_of(master);
    REQUIRE(caller.loop().until([&] {
        return cluster.node(replica).ask({"DEBUG", "SLEEP", "0"}) != "" &&
               cluster.node(replica).ask({"DBSIZE"}) == cluster.node(master).ask({"DBSIZE"});
    }));
    cluster.node(master).kill();
    const auto began = std::chrono::steady_clock::now();
    CHECK(caller.loop().until([&] {
        const auto reply =
            caller.run(Command{.words = {"GET", "{k}"}, .key = "{k}", .repeatable = true}, 500ms);
        return reply && reply->text == "v";
    }));
    UNSCOPED_INFO("out for " << (std::chrono::steady_clock::now() - began) / 1ms << " ms");
    CHECK(cluster.node(replica).ask({"ROLE"}).starts_with("master"));
    cluster.node(master).start();
}

// A cluster of one that answers GET as told.
struct FakeCluster {
    explicit FakeCluster(FakeServer::Answer get)
        : server(loop,
                 [this, get](const FakeServer::Words& words) {
                     if (words.front() == "CLUSTER" && slots_known)
                         return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$0\r\n\r\n:" +
                                std::to_string(server.port()) + "\r\n";
                     if (words.front() == "CLUSTER") return std::string("*0\r\n");
                     if (words.front() == "ASKING") return std::string("+OK\r\n");
                     return words.front() == "GET" ? get(words) : std::string();
                 }),
          client(connect(loop.executor(), cluster_options(server.port()),
                         [this](Transition transition, std::string_view detail) {
                             told.emplace_back(transition, detail);
                         })) {}

    Result<Reply> get(std::chrono::milliseconds time = 10s) {
        return loop.run(client->run({.words = {"GET", "k"}, .key = "k", .repeatable = true}, soon(time)));
    }
    std::ptrdiff_t gets() const {
        return std::count(server.asked().begin(), server.asked().end(), FakeServer::Words{"GET", "k"});
    }

    bool slots_known{true};
    std::vector<std::pair<Transition, std::string>> told;
    Loop loop;
    FakeServer server;
    std::unique_ptr<Client> client;
};

TEST_CASE("a cluster: being sent around ends") {
    std::string where;
    FakeCluster cluster([&](const FakeServer::Words&) { return where; });
    const std::string kind = GENERATE(as<std::string>(), "MOVED", "ASK");
    where = "-" + kind + " 12706 :" + std::to_string(cluster.server.port()) + "\r\n";
    const auto reply = cluster.get();
    REQUIRE(reply.has_error());
    CHECK(reply.error() == Error{Errc::storage_failed, "redis: " + kind});
    CHECK(cluster.gets() == 6);
    where = "-MOVED nowhere\r\n";
    CHECK(cluster.get().error() == Error{Errc::storage_failed, "redis: MOVED"});
}

TEST_CASE("a cluster that is down is waited for, with patience") {
    int refusals = GENERATE(2, 1000);
    FakeCluster cluster([&](const FakeServer::Words&) {
        return --refusals >= 0 ? "-CLUSTERDOWN The cluster is down\r\n" : "+v\r\n";
    });
    const bool passes = refusals == 2;
    const auto reply = cluster.get(passes ? 10s : 300ms);
    CHECK(reply.has_value() == passes);
    if (!passes) CHECK(reply.error() == Error{Errc::storage_failed, "redis: CLUSTERDOWN"});
}

TEST_CASE("a cluster without slots is out of reach, and told once; then it is there") {
    FakeCluster cluster([](const FakeServer::Words&) { return "+v\r\n"; });
    cluster.slots_known = false;
    for (int i = 0; i < 20; ++i) CHECK(cluster.get().has_error());
    CHECK(cluster.told == std::vector<std::pair<Transition, std::string>>{
                              {Transition::lost, "redis: the cluster has no slots yet"}});
    cluster.slots_known = true;
    CHECK(cluster.loop.until([&] { return cluster.get().has_value(); }));
    CHECK(cluster.told.size() == 2);
}

TEST_CASE("a cluster nobody of which can be reached") {
    Caller caller(cluster_options(free_port()));
    for (int i = 0; i < 10; ++i) CHECK(caller.text({"GET", "k"}) == "!redis: connect: Connection refused");
    CHECK(caller.news().size() == 1);
}

}  // namespace
}  // namespace cadenza::redis
