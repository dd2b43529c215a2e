#pragma once

#include "server/session/lifetimes.hpp"
#include "server/session/session_store.hpp"

#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cadenza::server {

// Sessions of one process, gone with it. Bounded: the one unused for longest makes room.
class MemorySessionStore final : public SessionStore {
public:
    struct Options {
        std::size_t capacity{10'000};
        std::size_t per_account{20};
        Lifetimes lifetimes{};
        EndObserver on_end{ignore_end};
    };
    explicit MemorySessionStore(Options options) : options_(std::move(options)) {}

    StoreAbilities abilities() const override { return {.lists = true, .ends_copies = true}; }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override;
    asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) override;
    asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account, std::int64_t now) override;
    asio::awaitable<Result<bool>> revoke(std::string account, std::string id) override;
    asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) override;

    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct Entry {
        std::string key;
        Session session;
    };
    using Entries = std::list<Entry>;  // the least recently used first

    void remove(Entries::iterator entry);
    void end(Entries::iterator entry, std::string_view reason);
    // Removes the sessions of `account` for which `ends` says so; how many there were.
    template <class Ends>
    std::size_t remove_of(const std::string& account, Ends ends);
    void make_room(const Session& arriving, std::int64_t now);

    Options options_;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_key_;
};

}  // namespace cadenza::server
