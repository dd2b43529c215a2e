#pragma once

#include "server/base/secret.hpp"
#include "server/session/session.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

namespace asio = boost::asio;

// What a kind of store can do; docs/sessions.md is the same table for people.
struct StoreAbilities {
    bool lists{};        // knows every session of a user and can end it
    bool ends_copies{};  // a session that ended is over for every copy of its cookie
    bool survives_restart{};
    bool shared{};  // several processes may use the same sessions
};

struct FoundSession {
    std::string key;  // names it here as long as it lives; nothing to sign in with
    Session session;
    std::optional<Secret> ticket;  // the cookie must say this from now on
};

struct Replaced {
    enum class Outcome {
        done,
        ended,      // meanwhile: it stays so
        overtaken,  // somebody else changed it since it was read
    };
    Outcome outcome{};
    std::optional<Secret> ticket;  // the cookie must say this from now on
};

// Called with the reason when a store ended a session by itself: "expired", or "evicted" to make room.
using EndObserver = std::function<void(std::string_view reason)>;
inline void ignore_end(std::string_view /*reason*/) {}

// Where sessions live. What a browser's cookie says is its ticket: a name the server made up, or the sealed
// session itself. Every operation may fail with storage_failed, which is never the same as "no session".
// All times are the caller's `now`, in ms since 1970.
class SessionStore {
public:
    virtual ~SessionStore() = default;

    virtual StoreAbilities abilities() const = 0;
    // Whether it does without what it should be in, just now.
    virtual bool stands_in() const { return false; }

    // nullopt: never was, ended, or expired. Finding one counts as using it.
    virtual asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) = 0;
    // The key of a ticket that is good, whether or not its session still lives; empty for any other.
    virtual std::string key_of(const Secret& ticket) const = 0;
    // Gives the session its times and its id, and the ticket for the cookie.
    virtual asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) = 0;
    // Compares `session.version`, as found, with what is there now. Never brings back what ended.
    virtual asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) = 0;
    virtual asio::awaitable<Status> erase(std::string key) = 0;
    // Every session in which this account is.
    virtual asio::awaitable<Status> erase_account(std::string account) = 0;

    // The three below are for stores that can list.
    virtual asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account,
                                                                      std::int64_t now) = 0;
    // By Session::id. false: this account has no such session.
    virtual asio::awaitable<Result<bool>> revoke(std::string account, std::string id) = 0;
    virtual asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) = 0;

    // Takes the lease on refreshing a session, or renews it; false: another holder has it. It ends by itself
    // after `time`. A store that one process uses has nobody to keep out.
    virtual asio::awaitable<Result<bool>> hold(std::string /*key*/, std::string /*holder*/,
                                               std::chrono::milliseconds /*time*/) {
        co_return true;
    }
    virtual asio::awaitable<Status> let_go(std::string /*key*/, std::string /*holder*/) {
        co_return Status{};
    }
};

}  // namespace cadenza::server
