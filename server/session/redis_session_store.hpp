#pragma once

#include "server/redis/script.hpp"
#include "server/session/key_ring.hpp"
#include "server/session/lifetimes.hpp"
#include "server/session/opened_sessions.hpp"
#include "server/session/session_store.hpp"
#include "server/session/store_health.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cadenza::server {

// Sessions in Redis, for any number of processes. All keys of one user share a slot of a cluster, and each
// ends by itself:
//
//   cadenza:1:{<tag>}:s:<hash>   hash: ver, used (ms since 1970), data: the session, sealed under a key made
//                                from its sid, which only the browser has: who reads all of Redis opens none
//   cadenza:1:{<tag>}:i          hash of the user's sessions: <hash> → what lists show, sealed by the ring
//   cadenza:1:{<tag>}:l:<hash>   who refreshes that session just now
//   cadenza:1:{<tag>}:m:<hash>   this one came from a fallback and is not to come again
//
// <tag><hash> is the session's store key (sid.hpp); the tag is that of the account which signed in. The 1 is
// the version of this layout.
class RedisSessionStore final : public SessionStore {
public:
    struct Options {
        Lifetimes lifetimes{};
        std::size_t per_account{20};
        std::chrono::milliseconds command_time{500};
        // Being used is written down this often.
        std::chrono::milliseconds note_interval{std::chrono::minutes(1)};
        std::size_t opened{2'000};  // values remembered, of about 1 KB
        // Of those Redis itself dropped it is told when their user's sessions are listed next.
        EndObserver on_end{ignore_end};
    };
    // All references must outlive it.
    RedisSessionStore(redis::Client& redis, const KeyRing& keys, const Log& log, Options options)
        : redis_(redis), keys_(keys), health_(log), options_(std::move(options)), opened_(options_.opened) {}

    StoreAbilities abilities() const override {
        return {.lists = true, .ends_copies = true, .survives_restart = true, .shared = true};
    }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override;
    asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) override;
    asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account, std::int64_t now) override;
    asio::awaitable<Result<bool>> revoke(std::string account, std::string id) override;
    asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) override;
    asio::awaitable<Result<bool>> hold(std::string key, std::string holder,
                                       std::chrono::milliseconds time) override;
    asio::awaitable<Status> let_go(std::string key, std::string holder) override;

    // Takes over a session that began elsewhere while Redis was out, as it is, under the sid it has or was
    // promised. Only once: what ended here since does not come back.
    asio::awaitable<Status> adopt(Secret sid, Session session, std::int64_t now);

    // How many values are remembered as they opened.
    std::size_t opened() const noexcept { return opened_.size(); }

private:
    enum class Arrival { fresh, adopted };
    asio::awaitable<Result<std::int64_t>> evaluate(const redis::Script& script, std::vector<std::string> keys,
                                                   std::vector<std::string> arguments) const;
    asio::awaitable<Result<redis::Reply>> run(std::vector<std::string> words, std::string key) const;
    Deadline soon() const;
    Result<redis::Reply> accept(Result<redis::Reply> reply, const std::string& command) const;
    asio::awaitable<Status> put(Arrival arrival, Secret sid, Session session, std::int64_t now);
    asio::awaitable<Status> note_use(std::string key, Session session, std::int64_t now);
    // For the one that arrived. After it did: had it failed, an old one would have ended for nothing.
    asio::awaitable<Status> make_room(std::string account, std::string arrived_id, std::int64_t now);
    // The hashes of the user's sessions, as the index has them.
    asio::awaitable<Result<std::vector<std::string>>> hashes_of(std::string tag) const;
    // How many there were.
    asio::awaitable<Result<std::int64_t>> end(std::string tag, std::vector<std::string> hashes);
    // Those found to be over, or gone already.
    asio::awaitable<void> expire(std::string tag, std::vector<std::string> hashes);
    std::string summary(const std::string& key, const Session& session) const;
    std::optional<Session> open_value(const Secret& sid, const std::string& key, std::string value,
                                      std::int64_t version);

    redis::Client& redis_;
    const KeyRing& keys_;
    mutable StoreHealth health_;
    Options options_;
    OpenedSessions opened_;
};

}  // namespace cadenza::server
