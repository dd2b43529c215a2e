// What is particular to sessions in Redis, against a real one.

#include "server/base/crypto.hpp"
#include "server/session/sid.hpp"
#include "tests/server/store_rig.hpp"

#include <algorithm>
#include <set>

namespace cadenza::server {
namespace {

using Kind = StoreRig::Kind;

std::vector<std::string> names(StoreRig& rig) {
    std::vector<std::string> out;
    const auto reply = rig.redis->send({"KEYS", "*"});
    REQUIRE(reply);
    for (const auto& item : reply->items) out.push_back(item.text);
    return out;
}

// All there is in Redis, as a thief would have it.
std::string everything(StoreRig& rig) {
    std::string out;
    for (const auto& name : names(rig)) {
        out += name + "\n";
        const auto type = rig.redis->send({"TYPE", name})->text;
        const auto value = rig.redis->send(type == "hash" ? std::vector<std::string>{"HGETALL", name}
                                                          : std::vector<std::string>{"GET", name});
        out += value->text;
        for (const auto& item : value->items) out += item.text + "\n";
    }
    return out;
}

std::string one_name(StoreRig& rig, const std::string& part) {
    for (const auto& name : names(rig))
        if (name.find(part) != name.npos) return name;
    FAIL("no " << part);
    return {};
}

}  // namespace

TEST_CASE("who steals the database, and even the keys, opens no session with it") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    const auto session = anna.session();
    const auto loot = everything(rig);
    for (const auto& secret :
         {anna.ticket.reveal(), anna.ticket.reveal().substr(account_tag_size), std::string("access-anna"),
          std::string("refresh-anna"), std::string("Name of anna"), std::string("Firefox"), session.id})
        CHECK(loot.find(secret) == std::string::npos);
    const auto value = rig.redis->send({"HGET", one_name(rig, ":s:"), "data"})->text;
    REQUIRE(value.size() > 100);
    for (const auto* purpose : {"session value", "session cookie", "session index"})
        CHECK_FALSE(rig.keys.open("0." + value, purpose));
    // The value of one session in another's place, also where both were opened before.
    Browser bert(rig, "bert");
    CHECK(anna.in());
    CHECK(bert.in());
    for (const auto& name : names(rig))
        if (name.find(":s:") != name.npos) rig.redis->send({"HSET", name, "data", value});
    CHECK(anna.in());
    CHECK_FALSE(bert.in());
}

TEST_CASE("a value is good for the version it was sealed as, though it was opened before") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    CHECK(anna.in());
    const auto name = one_name(rig, ":s:");
    rig.redis->send({"HSET", name, "ver", "7"});
    CHECK_FALSE(anna.in());
    rig.redis->send({"HSET", name, "ver", "0"});
    CHECK(anna.in());
}

TEST_CASE("everything in Redis ends by itself, has the prefix, and shares its user's slot") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    (void)anna.session();
    REQUIRE(rig.wait(rig.in_redis->hold(anna.key, "one", std::chrono::seconds(10))));
    REQUIRE(rig.wait(rig.in_redis->adopt(Secret(new_sid("anna")), session_of("anna"), 0)));
    const auto all = names(rig);
    CHECK(all.size() == 5);  // two sessions, an index, a lease and a mark
    for (const auto& name : all) {
        CAPTURE(name);
        CHECK(name.starts_with("cadenza:1:{" + account_tag("anna") + "}:"));
        CHECK(rig.redis->send({"PTTL", name})->integer > 0);
    }
    rig.now = 13 * 24 * 3'600'000LL;
    CHECK(anna.in());  // counts anew from here
    CHECK(rig.redis->send({"PTTL", one_name(rig, ":s:" + anna.key.substr(account_tag_size))})->integer >
          13 * 24 * 3'600'000LL);
}

TEST_CASE("a request without a ticket, or with one that is none, never reaches Redis") {
    StoreRig rig(Kind::redis);
    rig.redis->out = true;
    for (const auto* ticket : {"", "x", "k1.AAAA", "../../etc"}) {
        const auto found = rig.wait(rig.store->find(Secret(ticket), 0));
        REQUIRE(found);
        CHECK_FALSE(*found);
    }
}

TEST_CASE("being used is written down once a minute, not with every request") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    const auto commands_of = [&](std::int64_t at) {
        rig.now = at;
        const auto before = rig.redis->commands;
        CHECK(anna.in());
        return rig.redis->commands - before;
    };
    CHECK(commands_of(1'000) == 1);
    CHECK(commands_of(59'999) == 1);
    CHECK(commands_of(60'000) == 2);
    CHECK(commands_of(61'000) == 1);
}

TEST_CASE("a session that lost its entry in the list gets it back by being used") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    rig.redis->send({"DEL", one_name(rig, ":i")});
    rig.now = 60'000;
    CHECK(anna.in());
    CHECK(rig.wait(rig.store->list("anna", rig.now))->size() == 1);
}

TEST_CASE("new keys open old lists, and seal them anew; without the old key sessions can still be ended") {
    StoreRig rig(Kind::redis);
    const SealingKey old_key{"old", Secret(std::string(32, 'o'))};
    const SealingKey new_key{"new", Secret(std::string(32, 'n'))};
    rig.keys.reload({old_key});
    Browser anna(rig, "anna");
    Browser idle(rig, "anna");
    rig.keys.reload({new_key, old_key});
    rig.now = 60'000;
    CHECK(anna.in());
    rig.keys.reload({new_key});
    CHECK(anna.in());
    const auto used_id = anna.session().id;
    const auto listed = rig.wait(rig.store->list("anna", rig.now));
    REQUIRE(listed->size() == 2);
    for (const auto& summary : *listed) {
        const bool sealed_anew = summary.id == used_id;
        CHECK(summary.user_agent == (sealed_anew ? "Firefox on Linux" : ""));
        CHECK(summary.last_used == (sealed_anew ? 60'000 : 0));
        CHECK(*rig.wait(rig.store->revoke("anna", summary.id)));
    }
    CHECK_FALSE(anna.in());
    CHECK_FALSE(idle.in());
}

TEST_CASE("what the store ends by itself it tells, once") {
    StoreRig rig(Kind::redis, {std::chrono::seconds(100), std::chrono::seconds(1'000)}, 2);
    Browser met(rig, "anna");
    Browser dropped(rig, "bert");
    rig.redis->send(
        {"DEL", one_name(rig, ":s:" + rig.store->key_of(dropped.ticket).substr(account_tag_size))});
    CHECK_FALSE(dropped.in());  // which says nothing of why
    CHECK(rig.ends.empty());
    rig.now = 100'000;
    CHECK_FALSE(met.in());
    CHECK_FALSE(met.in());
    CHECK(rig.ends == std::vector<std::string>{"expired"});
    Browser again(rig, "bert");
    CHECK(rig.ends == std::vector<std::string>(2, "expired"));
    CHECK(rig.wait(rig.store->list("bert", rig.now))->size() == 1);
    Browser second(rig, "bert");
    Browser third(rig, "bert");
    CHECK(rig.ends == std::vector<std::string>{"expired", "expired", "evicted"});
    second.sign_out();
    REQUIRE(rig.wait(rig.store->erase_account("bert")));
    CHECK(rig.ends.size() == 3);
}

TEST_CASE("erasing an account in the middle of a refresh leaves nothing") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    auto refreshed = anna.session();
    REQUIRE(rig.wait(rig.store->hold(anna.key, "one", std::chrono::milliseconds(5))));
    REQUIRE(rig.wait(rig.store->erase_account("anna")));
    refreshed.account().grant.access_token = Secret("fresh");
    CHECK(anna.replace(refreshed) == Replaced::Outcome::ended);
    while (rig.redis->send({"DBSIZE"})->integer > 0) std::this_thread::yield();  // but for the lease
    CHECK(names(rig).empty());
}

TEST_CASE("a change whose answer was lost may be sent again") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    auto changed = anna.session();
    changed.account().grant.access_token = Secret("fresh");
    CHECK(anna.replace(changed) == Replaced::Outcome::done);
    CHECK(anna.replace(changed) == Replaced::Outcome::overtaken);
    CHECK(anna.session().account().grant.access_token == Secret("fresh"));
}

TEST_CASE("what Redis refuses is an outage, and what it holds that is not ours is no session") {
    StoreRig rig(Kind::redis);
    Browser anna(rig, "anna");
    const auto name = one_name(rig, ":s:");
    rig.redis->send({"HSET", name, "ver", "one"});
    CHECK_FALSE(anna.in());
    rig.redis->send({"DEL", name});
    rig.redis->send({"SET", name, "text"});
    CHECK(anna.ask().has_error());
    CHECK(anna.ask().error().detail == "HMGET: WRONGTYPE");
}

TEST_CASE("a sid says nothing but whose it is") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const auto sid = new_sid("anna");
        CHECK(sid.size() == 54);
        CHECK(is_sid(sid));
        CHECK(sid.starts_with(account_tag("anna")));
        CHECK(seen.insert(sid).second);
    }
    CHECK(account_tag("anna") != account_tag("bert"));
    CHECK(is_store_key(store_key(new_sid("anna"))));
    CHECK_FALSE(is_sid("k1." + std::string(51, 'A')));
    CHECK_FALSE(is_sid(std::string(65, 'A')));
}

}  // namespace cadenza::server
