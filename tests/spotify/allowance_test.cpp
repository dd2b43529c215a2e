#include "server/spotify/allowance.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/post.hpp>

#include <map>

namespace cadenza::server {
namespace {

constexpr LedgerCell player{Priority::interactive, EndpointGroup::player};

// What replicas share, in memory; it can be out.
class SharedStore final : public LimitStore {
public:
    std::map<Ledger::Bucket, LedgerCounts> buckets;
    std::optional<CoolDown> cooling;
    bool out{};
    int asked{};

    asio::awaitable<Status> add(Ledger::Share share, Deadline) override {
        ++asked;
        if (out) co_return gone();
        buckets[share.bucket].at(share.cell) += share.count;
        co_return Status{};
    }
    asio::awaitable<Result<LedgerCounts>> read(Ledger::Bucket bucket, Deadline) override {
        ++asked;
        if (out) co_return gone();
        co_return buckets[bucket];
    }
    asio::awaitable<Result<std::optional<CoolDown>>> cool_down(Deadline) override {
        ++asked;
        if (out) co_return gone();
        co_return cooling;
    }
    asio::awaitable<Status> cool_down_until(CoolDown other, std::int64_t, Deadline) override {
        ++asked;
        if (out) co_return gone();
        if (!cooling || cooling->until < other.until) cooling = other;
        co_return Status{};
    }

private:
    static Error gone() { return {Errc::storage_failed, "out"}; }
};

struct Scene {
    asio::io_context context{1};
    std::int64_t now{1'700'000'000'000};
    Clock clock{[this] { return now; }};
    std::vector<std::string> lines;
    Log log{Level::debug, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    std::shared_ptr<SharedStore> store{std::make_shared<SharedStore>()};

    Allowance replica(std::int64_t budget = 100) {
        return {context.get_executor(), clock, log, budget, store};
    }
    template <class T>
    T wait(asio::awaitable<T> task) {
        return run(context, std::move(task));
    }
    bool admits(Allowance& replica, Priority priority) { return wait(replica.admit(priority)).has_value(); }
    // As after a second without asking a store that failed.
    void rest() {
        asio::steady_timer timer(context, std::chrono::milliseconds(1'050));
        wait([](asio::steady_timer& on) -> asio::awaitable<bool> {
            co_await on.async_wait(asio::use_awaitable);
            co_return true;
        }(timer));
    }
};

http::ClientResponse too_many(const char* seconds, bool quota) {
    return {429,
            {{"Retry-After", seconds}},
            quota ? R"({"error":{"status":429,"message":"x","reason":"QUOTA_EXCEEDED"}})" : "x"};
}

}  // namespace

TEST_CASE("a server on its own counts and rations") {
    Scene scene;
    scene.store = nullptr;
    auto alone = scene.replica(10);
    for (int i = 0; i < 8; ++i) alone.count(player);
    CHECK(scene.admits(alone, Priority::interactive));
    CHECK(scene.admits(alone, Priority::sync));
    const auto refused = scene.wait(alone.admit(Priority::prefetch));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ProblemCode::budget_spent);
    CHECK(*refused.error().retry_at > scene.now + 23 * 3'600'000);
    const auto quota = scene.wait(alone.report());
    CHECK(quota.used == 8);
    CHECK(quota.budget == 10);
    CHECK(quota.window_s == 86'400);
    CHECK(quota.by_priority == QuotaUse{8, 0, 0});
    CHECK(quota.prefetch_paused_until == refused.error().retry_at);
    CHECK(quota.next_free_at == refused.error().retry_at);
    CHECK_FALSE(quota.sync_paused_until);
    CHECK_FALSE(quota.cool_down_until);
}

TEST_CASE("replicas count together, and one that starts knows what was") {
    Scene scene;
    auto one = scene.replica();
    auto two = scene.replica();
    for (int i = 0; i < 30; ++i) one.count(player);
    for (int i = 0; i < 50; ++i) two.count({Priority::sync, EndpointGroup::library});
    CHECK(scene.wait(one.report()).used == 80);
    CHECK(scene.wait(two.report()).used == 80);
    CHECK_FALSE(scene.admits(one, Priority::prefetch));
    scene.now += 5 * 3'600'000;
    auto three = scene.replica();
    CHECK(scene.wait(three.report()).by_priority == QuotaUse{30, 50, 0});
    CHECK_FALSE(scene.admits(three, Priority::prefetch));
    scene.now += 20 * 3'600'000;
    CHECK(scene.wait(three.report()).used == 0);
}

TEST_CASE("a replica that idled for hours hears what the others did meanwhile") {
    Scene scene;
    auto busy = scene.replica();
    auto idle = scene.replica();
    CHECK(scene.wait(idle.report()).used == 0);
    for (int hour = 0; hour < 6; ++hour) {
        busy.count(player);
        CHECK(scene.wait(busy.report()).used == hour + 1);
        scene.now += 3'600'000;
    }
    CHECK(scene.wait(idle.report()).used == 6);
}

TEST_CASE("while the store is out requests go on, and are added when it is back") {
    Scene scene;
    auto one = scene.replica();
    CHECK(scene.admits(one, Priority::interactive));
    scene.store->asked = 0;
    scene.store->out = true;
    for (int i = 0; i < 5; ++i) {
        CHECK(scene.admits(one, Priority::interactive));
        one.count(player);
    }
    CHECK(scene.wait(one.report()).used == 5);
    // It is not asked again and again.
    CHECK(scene.store->asked <= 3);
    const auto failure = one.cool_down(too_many("20", false));
    CHECK(failure.code == ProblemCode::rate_limited);
    CHECK_FALSE(scene.admits(one, Priority::interactive));

    scene.store->out = false;
    scene.rest();
    CHECK(scene.wait(one.report()).used == 5);
    CHECK(scene.store->buckets[Ledger::bucket_of(scene.now)].total() == 5);
    CHECK(scene.store->cooling == CoolDown{scene.now + 20'000, false});
    CHECK(scene.lines.size() == 3);  // out, cool-down, back
}

TEST_CASE("a cool-down holds for every replica until it ends, and the later of two counts") {
    Scene scene;
    auto one = scene.replica();
    auto two = scene.replica();
    const auto code = [&](Allowance& replica) {
        const auto outcome = scene.wait(replica.admit(Priority::interactive));
        return outcome ? ProblemCode::internal : outcome.error().code;
    };
    CHECK(scene.admits(two, Priority::interactive));
    (void)one.cool_down(too_many("40000", true));
    CHECK(code(two) == ProblemCode::quota_cooldown);
    CHECK(scene.wait(two.admit(Priority::interactive)).error().retry_at == scene.now + 40'000'000);
    // An answer to a request that was under way says less.
    CHECK(two.cool_down(too_many("3", false)).code == ProblemCode::quota_cooldown);
    CHECK(scene.wait(two.report()).cool_down_until == scene.now + 40'000'000);
    auto three = scene.replica();
    CHECK(code(three) == ProblemCode::quota_cooldown);
    scene.now += 40'000'000;
    for (auto* replica : {&one, &two, &three}) CHECK(scene.admits(*replica, Priority::interactive));
    CHECK_FALSE(scene.wait(two.report()).cool_down_until);
}

TEST_CASE("what is under way for the store may outlive the gateway") {
    Scene scene;
    {
        auto brief = scene.replica();
        brief.count(player);
        (void)brief.cool_down(too_many("5", false));
    }
    auto next = scene.replica();
    CHECK(scene.wait(next.report()).used == 1);
    CHECK(scene.store->cooling.has_value());
}

}  // namespace cadenza::server
