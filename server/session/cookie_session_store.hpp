#pragma once

#include "server/session/key_ring.hpp"
#include "server/session/lifetimes.hpp"
#include "server/session/opened_sessions.hpp"
#include "server/session/session_store.hpp"

#include <list>
#include <unordered_map>

namespace cadenza::server {

// The session travels in its cookie, sealed; nothing is kept here but what changed a short while ago. So it
// knows no session but the one it is shown, and cannot end one of which there is a copy.
class CookieSessionStore final : public SessionStore {
public:
    struct Options {
        Lifetimes lifetimes{};
        std::size_t capacity{10'000};  // changes remembered
        std::size_t opened{500};       // tickets remembered, of up to 11 KB
        // Being used is written down this often: each time is a Set-Cookie.
        std::chrono::milliseconds note_interval{std::chrono::hours(1)};
    };
    // `keys` must outlive it.
    CookieSessionStore(const KeyRing& keys, Options options)
        : keys_(keys), options_(options), opened_(options.opened) {}

    StoreAbilities abilities() const override { return {.survives_restart = true}; }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override;
    // Errors: invalid_value when it does not fit into cookies.
    asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) override;
    asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) override;
    // Over for this process; the caller clears the cookie.
    asio::awaitable<Status> erase(std::string key) override;
    // There is nothing here to erase.
    asio::awaitable<Status> erase_account(std::string account) override;
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account, std::int64_t now) override;
    asio::awaitable<Result<bool>> revoke(std::string account, std::string id) override;
    asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) override;

    // How many tickets are remembered as they opened.
    std::size_t opened() const noexcept { return opened_.size(); }

private:
    struct Read {
        Session session;
        bool by_first_key{};
    };
    // A request may carry what was in the cookie before an answer, still under way, changed it; and a cookie
    // set by such an answer must not bring back a session that ended in between.
    struct Change {
        std::string key;
        std::optional<Session> session;  // nullopt: it ended
    };

    std::optional<Read> read(const Secret& ticket) const;
    Result<Secret> seal(const Session& session) const;
    const Change* change_of(const std::string& key) const;
    void remember(std::string key, std::optional<Session> session);

    const KeyRing& keys_;
    Options options_;
    mutable OpenedSessions opened_;  // by the first key of `generation_`
    mutable std::uint64_t generation_{};
    std::list<Change> changes_;  // the oldest first
    std::unordered_map<std::string, std::list<Change>::iterator> by_key_;
};

}  // namespace cadenza::server
