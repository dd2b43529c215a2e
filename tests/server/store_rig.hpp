#pragma once

// Every kind of session store behind one face, with what it needs around it.

#include "server/redis/connect.hpp"
#include "server/session/cookie_fallback_store.hpp"
#include "server/session/memory_fallback_store.hpp"
#include "tests/server/redis_places.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/run.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace cadenza::server {

inline Session session_of(const std::string& account) {
    Session out;
    out.accounts.push_back({});
    out.accounts[0].key = account;
    out.accounts[0].name = "Name of " + account;
    out.accounts[0].grant = {Secret("access-" + account), 10, Secret("refresh-" + account), 20, {"a", "b"}};
    out.user_agent = "Firefox on Linux";
    return out;
}

class StoreRig {
public:
    // The last three are Redis too, by the client that the server has.
    enum class Kind { memory, cookie, redis, cookie_fallback, memory_fallback, cluster, sentinel, tls };

    // A Redis begins empty.
    StoreRig(Kind kind, Lifetimes lifetimes = {}, std::size_t per_account = 20)
        : kind_(kind), lifetimes_(lifetimes), per_account_(per_account) {
        switch (kind) {
            case Kind::memory:
            case Kind::cookie: break;
            case Kind::cluster: place = cluster_place(); break;
            case Kind::sentinel: place = sentinel_place(); break;
            case Kind::tls: place = tls_place(); break;
            default: redis.emplace(redis_server().socket()); REQUIRE(redis->send({"FLUSHALL"}));
        }
        if (place) {
            place->options.timeouts.command = std::chrono::seconds(1);  // the machine may be busy
            place->clear();
        }
        start();
    }

    // Sessions in a Redis of the test's own.
    explicit StoreRig(RedisPlace at) : place(std::move(at)) { start(); }

    // The process anew: what was in memory is gone, the settings and Redis are the same.
    void start() {
        store = nullptr;
        memory.emplace(MemorySessionStore::Options{10'000, per_account_, lifetimes_, on_end});
        cookies.emplace(keys, CookieSessionStore::Options{.lifetimes = lifetimes_});
        in_redis.reset();
        if (place) remote = redis::connect(context.get_executor(), place->options, redis::Observer{});
        if (redis || place) {
            RedisSessionStore::Options options;
            if (place) options.command_time = std::chrono::seconds(2);
            options.lifetimes = lifetimes_;
            options.per_account = per_account_;
            options.on_end = on_end;
            in_redis.emplace(client(), keys, log, options);
            cookie_fallback.emplace(*in_redis, *cookies);
            memory_fallback.emplace(context.get_executor(), *in_redis, *memory, clock, log);
        }
        switch (kind_) {
            case Kind::memory: store = &*memory; break;
            case Kind::cookie: store = &*cookies; break;
            case Kind::cookie_fallback: store = &*cookie_fallback; break;
            case Kind::memory_fallback: store = &*memory_fallback; break;
            default: store = &*in_redis; break;
        }
    }

    template <class T>
    T wait(asio::awaitable<T> task) {
        return remote ? run_among_others(context, std::move(task)) : run(context, std::move(task));
    }
    std::size_t logged(const std::string& event) const {
        std::size_t count = 0;
        for (const auto& line : lines) count += line.find("\"event\":\"" + event + "\"") != line.npos;
        return count;
    }

    asio::io_context context{1};
    std::vector<std::string> lines;
    Log log{Level::debug, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    std::int64_t now{};
    Clock clock{[this] { return now; }};
    std::vector<std::string> ends;  // of sessions, by the store itself
    EndObserver on_end{[this](std::string_view reason) { ends.emplace_back(reason); }};
    KeyRing keys{KeyRing::fresh()};
    std::optional<PlainRedis> redis;
    std::optional<RedisPlace> place;
    std::unique_ptr<redis::Client> remote;  // at `place`
    std::optional<MemorySessionStore> memory;
    std::optional<CookieSessionStore> cookies;
    std::optional<RedisSessionStore> in_redis;
    std::optional<CookieFallbackStore> cookie_fallback;
    std::optional<MemoryFallbackStore> memory_fallback;
    SessionStore* store{};

private:
    redis::Client& client() { return remote ? *remote : *redis; }

    Kind kind_{Kind::redis};
    Lifetimes lifetimes_;
    std::size_t per_account_{20};
};

// A browser: keeps its cookie as the answers want it.
class Browser {
public:
    Browser(StoreRig& rig, const std::string& account) : rig_(rig) {
        auto created = rig.wait(rig.store->create(session_of(account), rig.now));
        REQUIRE(created);
        ticket = *created;
    }

    Result<std::optional<Session>> ask() {
        auto found = rig_.wait(rig_.store->find(ticket, rig_.now));
        if (!found) return found.error();
        if (!*found) return std::optional<Session>{};
        if ((*found)->ticket) ticket = *(*found)->ticket;
        key = (*found)->key;
        return std::optional<Session>((*found)->session);
    }
    // Whether it is signed in; the store must answer.
    bool in() {
        const auto session = ask();
        REQUIRE(session);
        return session->has_value();
    }
    Session session() {
        auto found = ask();
        REQUIRE(found);
        REQUIRE(*found);
        return **found;
    }
    Replaced::Outcome replace(Session session) {
        auto replaced = rig_.wait(rig_.store->replace(ticket, std::move(session)));
        REQUIRE(replaced);
        if (replaced->ticket) ticket = *replaced->ticket;
        return replaced->outcome;
    }
    void sign_out() { REQUIRE(rig_.wait(rig_.store->erase(rig_.store->key_of(ticket)))); }

    Secret ticket;
    std::string key;

private:
    StoreRig& rig_;
};

}  // namespace cadenza::server
