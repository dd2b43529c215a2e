// Signing in, being signed in and signing out while Redis is out, and what becomes of it after.

#include "server/session/redis_scripts.hpp"
#include "server/session/sid.hpp"
#include "tests/server/store_rig.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

using Kind = StoreRig::Kind;
using Outcome = Replaced::Outcome;

std::size_t listed(StoreRig& rig, const std::string& account) {
    const auto sessions = rig.wait(rig.store->list(account, rig.now));
    REQUIRE(sessions);
    return sessions->size();
}

}  // namespace

TEST_CASE("without a fallback nobody signs in or out while Redis is out, and nobody is lost") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    rig.redis->out = true;
    CHECK(rig.wait(rig.store->create(session_of("bert"), 0)).has_error());
    CHECK(rig.wait(rig.store->erase(rig.store->key_of(anna.ticket))).has_error());
    CHECK(anna.ask().has_error());
    rig.redis->out = false;
    CHECK(anna.in());
}

TEST_CASE("fallback cookie: who signs in meanwhile has a sealed session that moves to Redis, once") {
    StoreRig rig(Kind::cookie_fallback);
    Browser early(rig, "anna");
    rig.redis->out = true;
    Browser bert(rig, "bert");
    CHECK_FALSE(is_sid(bert.ticket.reveal()));
    CHECK(bert.in());
    CHECK(rig.store->stands_in());
    auto changed = bert.session();
    changed.account().grant.access_token = Secret("fresh");
    CHECK(bert.replace(changed) == Outcome::done);
    CHECK(early.ask().has_error());

    rig.redis->out = false;
    auto other_tab = bert;
    CHECK(bert.in());
    CHECK(is_sid(bert.ticket.reveal()));
    CHECK_FALSE(rig.store->stands_in());
    CHECK(bert.session().account().grant.access_token == Secret("fresh"));
    CHECK(bert.session().promised_sid.empty());
    CHECK(other_tab.in());  // with the cookie as it was
    CHECK(other_tab.ticket == bert.ticket);
    CHECK(listed(rig, "bert") == 1);
    CHECK(early.in());
}

TEST_CASE("fallback cookie: a session that moved and ended does not come again from a copy of its cookie") {
    StoreRig rig(Kind::cookie_fallback);
    rig.redis->out = true;
    Browser anna(rig, "anna");
    auto copy = anna;
    rig.redis->out = false;
    CHECK(anna.in());
    anna.sign_out();
    CHECK_FALSE(copy.in());
    rig.start();
    CHECK_FALSE(copy.in());
    CHECK(listed(rig, "anna") == 0);
}

TEST_CASE("fallback cookie: a sealed session that was not promised a place in Redis has none") {
    StoreRig rig(Kind::cookie_fallback);
    const auto ticket = rig.wait(rig.cookies->create(session_of("anna"), 0));
    CHECK_FALSE(*rig.wait(rig.store->find(*ticket, 0)));
}

TEST_CASE("fallback memory: who signs in meanwhile is moved to Redis, as they are") {
    StoreRig rig(Kind::memory_fallback);
    Browser early(rig, "anna");
    rig.redis->out = true;
    Browser bert(rig, "bert");
    Browser carl(rig, "carl");
    auto changed = bert.session();
    changed.account().grant.access_token = Secret("fresh");
    CHECK(bert.replace(changed) == Outcome::done);
    carl.sign_out();
    CHECK_FALSE(carl.in());
    CHECK(early.ask().has_error());

    rig.redis->out = false;
    CHECK(early.in());  // whoever comes first works it off
    CHECK(rig.memory->size() == 0);
    CHECK(rig.logged("fallback_worked_off") == 1);
    CHECK(bert.session().account().grant.access_token == Secret("fresh"));
    CHECK(bert.replace(bert.session()) == Outcome::done);
    CHECK_FALSE(carl.in());
    CHECK(listed(rig, "bert") == 1);
    rig.start();
    CHECK(bert.in());
    CHECK(rig.logged("session_store_lost") == 1);
    CHECK(rig.logged("session_store_back") == 1);
}

TEST_CASE("fallback memory: what ended meanwhile has ended before anything moves") {
    StoreRig rig(Kind::memory_fallback);
    Browser signed_out(rig, "anna");
    Browser revoked(rig, "bert");
    Browser kept(rig, "bert");
    Browser erased(rig, "carl");
    Browser other(rig, "dora");
    Browser own(rig, "dora");
    const auto revoked_id = revoked.session().id;
    const auto own_id = own.session().id;
    rig.redis->out = true;
    signed_out.sign_out();
    CHECK_FALSE(signed_out.in());  // known to be over, without Redis
    CHECK(*rig.wait(rig.store->revoke("bert", revoked_id)));
    REQUIRE(rig.wait(rig.store->erase_account("carl")));
    REQUIRE(rig.wait(rig.store->revoke_others("dora", own_id)));
    Browser after(rig, "carl");  // signs in again after all was erased
    CHECK(after.in());

    std::vector<std::string> order;
    rig.redis->before = [&](const redis::Command& command) {
        if (command.words[0] == "EVALSHA")
            order.push_back(command.words[1] == redis_script::adopt.sha1 ? "move" : "end");
    };
    rig.redis->out = false;
    CHECK_FALSE(revoked.in());
    CHECK(order == std::vector<std::string>{"end", "end", "end", "end", "move"});
    CHECK(kept.in());
    CHECK_FALSE(signed_out.in());
    CHECK_FALSE(erased.in());
    CHECK(after.in());
    CHECK_FALSE(other.in());
    CHECK(own.in());
}

TEST_CASE("fallback memory: Redis that goes again in the middle loses nothing") {
    StoreRig rig(Kind::memory_fallback);
    Browser early(rig, "anna");
    rig.redis->out = true;
    early.sign_out();
    std::vector<Browser> browsers;
    for (int i = 0; i < 5; ++i) browsers.emplace_back(rig, "person-" + std::to_string(i));
    rig.redis->out = false;
    int moves = 0;
    rig.redis->before = [&](const redis::Command& command) {
        if (command.words[0] == "EVALSHA" && ++moves == 3) rig.redis->out = true;
    };
    std::size_t unreadable = 0;
    for (auto& browser : browsers) {
        const auto found = browser.ask();
        if (found)
            CHECK(*found);
        else
            ++unreadable;  // moved before it went
    }
    CHECK(unreadable == 1);
    rig.redis->before = nullptr;
    rig.redis->out = false;
    for (auto& browser : browsers) CHECK(browser.in());
    CHECK_FALSE(early.in());
    CHECK(rig.memory->size() == 0);
}

// A move whose command is on its way, sent again perhaps, may reach Redis after what came later.
TEST_CASE("fallback memory: what ends while it moves has ended") {
    using Ending =
        asio::awaitable<Status> (*)(SessionStore&, std::string key, std::string id, std::string kept);
    const Ending endings[] = {
        [](auto& store, auto key, auto, auto) { return store.erase(key); },
        [](auto& store, auto, auto, auto kept) { return store.revoke_others("anna", kept); },
        [](auto& store, auto, auto id, auto) -> asio::awaitable<Status> {
            const auto revoked = co_await store.revoke("anna", id);
            CHECK(*revoked);
            co_return Status{};
        },
        [](auto& store, auto, auto, auto) { return store.erase_account("anna"); }};
    for (const auto& ending : endings) {
        const bool all = &ending == std::end(endings) - 1;
        StoreRig rig(Kind::memory_fallback);
        Browser kept(rig, "anna");
        const auto kept_id = kept.session().id;
        rig.redis->out = true;
        Browser anna(rig, "anna");
        const auto id = anna.session().id;
        rig.redis->out = false;
        bool moving{};
        bool release{};
        rig.redis->hold = [&](const redis::Command& command) {
            const bool is_move = command.words[1] == redis_script::adopt.sha1;
            moving = moving || is_move;
            return is_move && !release;
        };
        bool asked{};
        bool ended{};
        rig.context.restart();
        asio::co_spawn(rig.context, rig.store->list("bert", 0),
                       [&](const std::exception_ptr&, const auto&) { asked = true; });
        while (!moving) rig.context.run_one();
        asio::co_spawn(rig.context, ending(*rig.store, anna.key, id, kept_id),
                       [&](const std::exception_ptr&, const Status& status) { ended = status.has_value(); });
        for (int turns = 0; turns < 100; ++turns) rig.context.run_one();  // as far as it comes
        release = true;
        while (!asked || !ended) rig.context.run_one();
        CHECK_FALSE(anna.in());
        CHECK(kept.in() != all);
        CHECK(listed(rig, "anna") == (all ? 0 : 1));
        CHECK_FALSE(rig.store->stands_in());
    }
}

TEST_CASE("fallback memory: what was revoked after it moved without our knowing has ended") {
    StoreRig rig(Kind::memory_fallback);
    rig.redis->out = true;
    Browser anna(rig, "anna");
    const auto id = anna.session().id;
    rig.redis->out = false;
    rig.redis->before = [&](const redis::Command& command) {
        if (command.words[1] != redis_script::adopt.sha1) return;
        REQUIRE(rig.redis->send({"SCRIPT", "LOAD", redis_script::adopt.text}));
        REQUIRE(rig.redis->send(command.words)->integer == 1);
        rig.redis->out = true;  // before it can answer
    };
    CHECK(anna.in());  // still in memory
    CHECK(rig.redis->out);
    CHECK(*rig.wait(rig.store->revoke("anna", id)));
    rig.redis->before = nullptr;
    rig.redis->out = false;
    CHECK_FALSE(anna.in());
    CHECK(listed(rig, "anna") == 0);
}

TEST_CASE("fallback memory: a Redis that is full keeps nobody from the session in it") {
    StoreRig rig(Kind::memory_fallback);
    Browser early(rig, "anna");
    Browser leaving(rig, "anna");
    {
        const FullRedis full(*rig.redis);
        Browser late(rig, "anna");
        Browser bert(rig, "bert");
        CHECK(late.in());
        CHECK(early.in());
        CHECK(listed(rig, "anna") == 3);
        leaving.sign_out();
        CHECK_FALSE(leaving.in());
        CHECK(early.in());
        CHECK(listed(rig, "anna") == 2);
        CHECK(*rig.wait(rig.store->revoke("bert", bert.session().id)));
        CHECK_FALSE(bert.in());
        CHECK_FALSE(*rig.wait(rig.store->revoke("bert", "no-such-session")));
        CHECK(rig.store->stands_in());
    }
    CHECK(rig.logged("session_kept_in_memory") == 1);
    CHECK(rig.lines.end() != std::find_if(rig.lines.begin(), rig.lines.end(),
                                          [](const auto& line) { return line.find("OOM") != line.npos; }));
    CHECK(early.in());
    CHECK(rig.memory->size() == 0);
    CHECK(listed(rig, "anna") == 2);
    CHECK(rig.logged("fallback_worked_off") == 1);
    CHECK_FALSE(rig.store->stands_in());
}

TEST_CASE("a session that could not begin ended none to make room") {
    StoreRig rig(Kind::redis, {}, 2);
    Browser first(rig, "anna");
    Browser second(rig, "anna");
    {
        const FullRedis full(*rig.redis);
        CHECK(rig.wait(rig.store->create(session_of("anna"), 0)).has_error());
        CHECK(first.in());
    }
    CHECK(listed(rig, "anna") == 2);
    Browser third(rig, "anna");
    CHECK(third.in());
    CHECK(listed(rig, "anna") == 2);
}

TEST_CASE("a redis-server that is killed and started again signs nobody out") {
    for (const auto kind : {Kind::redis, Kind::memory_fallback}) {
        StoreRig rig(kind);
        Browser anna(rig, "anna");
        redis_server().kill();
        CHECK(anna.ask().has_error());
        redis_server().start();
        // It keeps nothing on disk here; what counts is that no error was taken for an answer.
        CHECK_FALSE(anna.in());
        Browser again(rig, "anna");
        CHECK(again.in());
        CHECK(rig.logged("session_store_lost") == 1);
        CHECK(rig.logged("session_store_back") == 1);
    }
}

}  // namespace cadenza::server
