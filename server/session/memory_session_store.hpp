#pragma once

#include "server/session/session_store.hpp"

#include <chrono>
#include <list>
#include <unordered_map>

namespace cadenza::server {

// Sessions of one process, gone with it. Bounded: the one unused for longest makes room.
class MemorySessionStore final : public SessionStore {
public:
    struct Options {
        std::size_t capacity{10'000};
        std::size_t per_account{20};
        std::chrono::seconds idle{14 * 24 * 3600};
        std::chrono::seconds absolute{180 * 24 * 3600};
    };
    explicit MemorySessionStore(Options options) : options_(options) {}

    asio::awaitable<Result<std::optional<Session>>> find(std::string key, std::int64_t now) override;
    asio::awaitable<Status> create(std::string key, Session session, std::int64_t now) override;
    asio::awaitable<Status> replace(std::string key, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;

    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct Entry {
        std::string key;
        Session session;
    };
    using Entries = std::list<Entry>;  // the least recently used first

    bool expired(const Session& session, std::int64_t now) const;
    void remove(Entries::iterator entry);
    void make_room(const Session& arriving, std::int64_t now);

    Options options_;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_key_;
};

}  // namespace cadenza::server
