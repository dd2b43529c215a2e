// What every session store does, and what only some can: one suite for all of them.

#include "tests/server/store_rig.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

using Kind = StoreRig::Kind;
using Outcome = Replaced::Outcome;

constexpr std::int64_t hour = 3'600'000;
const Lifetimes short_lives{std::chrono::hours(2), std::chrono::hours(5)};

struct Row {
    Kind kind;
    const char* name;
    StoreAbilities can;
};
// The table of docs/sessions.md. A fallback can what Redis can, as long as Redis is there.
constexpr StoreAbilities everything{true, true, true};
constexpr Row rows[] = {
    {Kind::memory, "memory", {.lists = true, .ends_copies = true, .survives_restart = false}},
    {Kind::cookie, "cookie", {.lists = false, .ends_copies = false, .survives_restart = true}},
    {Kind::redis, "redis", everything},
    {Kind::cookie_fallback, "redis, else cookie", everything},
    {Kind::memory_fallback, "redis, else memory", everything},
    {Kind::cluster, "redis, a cluster", everything},
    {Kind::sentinel, "redis behind a sentinel", everything},
    {Kind::tls, "redis over TLS", everything},
};

std::vector<std::string> ids(StoreRig& rig, const std::string& account) {
    const auto listed = rig.wait(rig.store->list(account, rig.now));
    REQUIRE(listed);
    std::vector<std::string> out;
    for (const auto& summary : *listed) out.push_back(summary.id);
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
}

// For each row of the table.
void for_each_store(const std::function<void(const Row&)>& check) {
    for (const auto& row : rows) {
        CAPTURE(row.name);
        check(row);
    }
}

}  // namespace

TEST_CASE("a session is found by its ticket, whole, and by no other") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        rig.now = 1'000;
        Browser anna(rig, "anna");
        auto expected = session_of("anna");
        const auto found = anna.session();
        CHECK(found.accounts == expected.accounts);
        CHECK(found.created_at == 1'000);
        CHECK(found.last_used == 1'000);
        CHECK(found.user_agent == "Firefox on Linux");
        CHECK(anna.key == rig.store->key_of(anna.ticket));

        for (const auto& other : {std::string(54, 'A'), std::string(43, 'A'), std::string("x"), std::string(),
                                  anna.ticket.reveal() + "A", "-" + anna.ticket.reveal().substr(1)}) {
            const auto nobody = rig.wait(rig.store->find(Secret(other), rig.now));
            REQUIRE(nobody);
            CHECK_FALSE(*nobody);
        }
    });
}

TEST_CASE("neither the key nor the id of a session leads to its ticket, and no two are alike") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        Browser first(rig, "anna");
        Browser second(rig, "anna");
        const auto id = first.session().id;
        CHECK_FALSE(first.ticket == second.ticket);
        CHECK(id != second.session().id);
        CHECK(first.key != second.key);
        for (const auto& name : {id, first.key}) {
            CHECK(first.ticket.reveal().find(name) == std::string::npos);
            CHECK_FALSE(*rig.wait(rig.store->find(Secret(name), rig.now)));
        }
    });
}

TEST_CASE("a session ends unused, and at last in any case") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind, short_lives);
        Browser used(rig, "anna");
        Browser unused(rig, "anna");
        for (const auto at : {hour, 2 * hour, 3 * hour, 4 * hour}) {
            rig.now = at;
            CHECK(used.in());
            if (at >= 2 * hour) CHECK_FALSE(unused.in());
        }
        rig.now = 5 * hour - 1;
        CHECK(used.in());
        rig.now = 5 * hour;
        CHECK_FALSE(used.in());
    });
}

TEST_CASE("using a session often keeps it, however little apart the requests are") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind, {std::chrono::minutes(10), std::chrono::hours(5)});
        Browser anna(rig, "anna");
        for (rig.now = 0; rig.now < hour; rig.now += 50'000) CHECK(anna.in());
    });
}

TEST_CASE("a change is kept, unless somebody else made one meanwhile") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        Browser anna(rig, "anna");
        auto other_tab = anna;  // with the cookie as it was
        auto mine = anna.session();
        auto theirs = mine;
        mine.account().grant.access_token = Secret("mine");
        theirs.account().grant.access_token = Secret("theirs");
        CHECK(anna.replace(mine) == Outcome::done);
        CHECK(other_tab.replace(theirs) == Outcome::overtaken);
        CHECK(anna.session().account().grant.access_token == Secret("mine"));
        CHECK(other_tab.session().account().grant.access_token == Secret("mine"));
        CHECK(anna.replace(anna.session()) == Outcome::done);
        CHECK(other_tab.replace(other_tab.session()) == Outcome::done);
    });
}

TEST_CASE("what ended is not brought back by a change") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        Browser anna(rig, "anna");
        Browser bert(rig, "bert");
        const auto before = anna.session();
        anna.sign_out();
        CHECK_FALSE(anna.in());
        CHECK(anna.replace(before) == Outcome::ended);
        CHECK_FALSE(anna.in());
        CHECK(bert.in());
        anna.sign_out();  // twice is no error
        CHECK(rig.wait(rig.store->erase("")));
        CHECK(rig.wait(rig.store->erase("a key of another kind of store")));
    });
}

TEST_CASE("a user's sessions can be listed and ended, one or all others, where the store can") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind, short_lives);
        CHECK(rig.store->abilities().lists == row.can.lists);
        Browser first(rig, "anna");
        rig.now = hour / 2;
        Browser second(rig, "anna");
        Browser third(rig, "anna");
        Browser bert(rig, "bert");
        const auto one = first.session().id;
        const auto two = second.session().id;
        const auto three = third.session().id;
        if (!row.can.lists) {
            CHECK(rig.wait(rig.store->list("anna", rig.now)).has_error());
            CHECK(rig.wait(rig.store->revoke("anna", one)).has_error());
            CHECK(rig.wait(rig.store->revoke_others("anna", one)).has_error());
            CHECK(first.in());
            return;
        }
        CHECK(ids(rig, "anna") == sorted({one, two, three}));
        const auto listed = rig.wait(rig.store->list("bert", rig.now));
        CHECK(*listed ==
              std::vector<SessionSummary>{{bert.session().id, hour / 2, hour / 2, "Firefox on Linux"}});

        CHECK(*rig.wait(rig.store->revoke("bert", one)) == false);  // somebody else's
        CHECK(*rig.wait(rig.store->revoke("anna", "none such")) == false);
        CHECK(first.in());
        CHECK(*rig.wait(rig.store->revoke("anna", one)) == true);
        CHECK_FALSE(first.in());
        CHECK(ids(rig, "anna") == sorted({two, three}));

        CHECK(rig.wait(rig.store->revoke_others("anna", three)));
        CHECK_FALSE(second.in());
        CHECK(third.in());
        CHECK(ids(rig, "anna") == sorted({three}));
        CHECK(bert.in());

        rig.now += 2 * hour;  // nobody came
        CHECK(ids(rig, "anna").empty());
    });
}

TEST_CASE("all sessions of an account end at once") {
    for_each_store([](const Row& row) {
        if (!row.can.lists) return;
        StoreRig rig(row.kind);
        Browser first(rig, "anna");
        Browser second(rig, "anna");
        Browser bert(rig, "bert");
        CHECK(rig.wait(rig.store->erase_account("anna")));
        CHECK_FALSE(first.in());
        CHECK_FALSE(second.in());
        CHECK(bert.in());
        Browser again(rig, "anna");
        CHECK(again.in());
    });
}

TEST_CASE("a copy of a cookie ends with its session, where the store can") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        CHECK(rig.store->abilities().ends_copies == row.can.ends_copies);
        Browser anna(rig, "anna");
        auto copy = anna;
        anna.sign_out();
        if (row.can.survives_restart) rig.start();
        CHECK(copy.in() == !row.can.ends_copies);
    });
}

TEST_CASE("a restart ends no session, where the store can") {
    for_each_store([](const Row& row) {
        StoreRig rig(row.kind);
        CHECK(rig.store->abilities().survives_restart == row.can.survives_restart);
        Browser anna(rig, "anna");
        rig.start();
        CHECK(anna.in() == row.can.survives_restart);
    });
}

TEST_CASE("one user has so many sessions at most: the one unused for longest goes") {
    for_each_store([](const Row& row) {
        if (!row.can.lists) return;
        StoreRig rig(row.kind, {}, 2);
        Browser first(rig, "anna");
        rig.now = hour;
        Browser second(rig, "anna");
        Browser bert(rig, "bert");
        rig.now = 2 * hour;
        CHECK(first.in());
        Browser third(rig, "anna");
        CHECK(first.in());
        CHECK_FALSE(second.in());
        CHECK(third.in());
        CHECK(bert.in());
    });
}

TEST_CASE("only one holds the lease on a refresh, where more than one process could") {
    for_each_store([](const Row& row) {
        if (row.kind == Kind::memory || row.kind == Kind::cookie) return;
        StoreRig rig(row.kind);
        Browser anna(rig, "anna");
        (void)anna.session();
        const auto hold = [&](const char* holder, int ms) {
            return *rig.wait(rig.store->hold(anna.key, holder, std::chrono::milliseconds(ms)));
        };
        CHECK(hold("one", 60'000));
        CHECK_FALSE(hold("two", 60'000));
        CHECK(hold("one", 60'000));  // renewed
        CHECK(rig.wait(rig.store->let_go(anna.key, "two")));
        CHECK_FALSE(hold("two", 60'000));
        CHECK(rig.wait(rig.store->let_go(anna.key, "one")));
        CHECK(hold("two", 1));  // and dies
        while (!hold("three", 60'000)) std::this_thread::yield();
        CHECK_FALSE(hold("two", 60'000));
    });
}

TEST_CASE("a store that fails is not a store without sessions") {
    for (const auto kind : {Kind::redis, Kind::cookie_fallback, Kind::memory_fallback}) {
        StoreRig rig(kind);
        Browser anna(rig, "anna");
        rig.redis->out = true;
        const auto found = anna.ask();
        REQUIRE(found.has_error());
        CHECK(found.error().code == Errc::storage_failed);
        CHECK(rig.wait(rig.store->list("anna", rig.now)).has_error());
        CHECK(anna.ask().has_error());
        CHECK(rig.logged("session_store_lost") == 1);
        rig.redis->out = false;
        CHECK(anna.in());
        CHECK(rig.logged("session_store_back") == 1);
    }
}

}  // namespace cadenza::server
