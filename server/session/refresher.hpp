#pragma once

#include "server/http/problem.hpp"
#include "server/services.hpp"
#include "server/session/refresh_lease.hpp"
#include "server/session/refusals.hpp"
#include "server/spotify/oauth.hpp"

#include <map>
#include <optional>
#include <string>

namespace cadenza::server {

struct Refreshed {
    Grant grant;
    std::optional<Secret> ticket;  // the cookie must say this from now on
};

// Gets a new access token and stores it. Of all processes that use the store one asks Spotify, under a lease;
// the others wait and take what it got. The lease only spares requests: what makes the result safe is that
// the store compares versions when it is written.
class Refresher {
public:
    Refresher(const Services& services, OAuth& oauth)
        : services_(services),
          oauth_(oauth),
          refusals_(services, [this](Secret ticket) { return forgive(std::move(ticket)); }) {}

    Refresher(const Refresher&) = delete;
    Refresher& operator=(const Refresher&) = delete;

    // The token to be replaced.
    struct Dead {
        Secret token;
        bool refused{};  // by Spotify; else it lives as long as it says
    };
    // The grant that is in place of the one with `dead`. One call a session at a time.
    asio::awaitable<http::Outcome<Refreshed>> refresh(std::string key, Secret ticket, Dead dead);

    const Refusals& refusals() const { return refusals_; }

private:
    // What is being refreshed.
    struct Task {
        std::string key;
        Secret ticket;
        Dead dead;
        Deadline deadline;
        bool leased{true};  // false: the store reads and does not write, so nobody has the lease
    };

    // What Spotify granted and the store did not take yet.
    struct Unstored {
        Secret dead_token;
        FoundSession found;
        Grant grant;
    };

    // A token that Spotify refused to replace, asked without the lease.
    struct Denied {
        Secret token;
        Deadline until;
    };

    asio::awaitable<http::Outcome<FoundSession>> read(Secret ticket);
    // What there is to say without asking Spotify; nullopt: it must be asked.
    std::optional<http::Outcome<Refreshed>> settled(const FoundSession& found, const Task& task) const;
    asio::awaitable<http::Outcome<Refreshed>> ask(Task task, FoundSession found);
    // nullopt: the store did not take it this time; `found` was read anew where it could be.
    asio::awaitable<std::optional<http::Outcome<Refreshed>>> try_store(Task task, FoundSession& found,
                                                                       Grant fresh);
    // Tries it for as long as somebody waits for it.
    asio::awaitable<std::optional<http::Outcome<Refreshed>>> store(Task task, FoundSession found,
                                                                   Grant fresh);
    // Goes on storing what is unstored for the task, under the lease, which it lets go.
    asio::awaitable<void> keep_storing(Task task, RefreshLease lease);
    asio::awaitable<http::Outcome<Refreshed>> give_up(Task task);
    // A refusal that is not believed, as another process may have what came in the token's place.
    asio::awaitable<http::Outcome<Refreshed>> doubt(Task task, std::string account);
    // A refusal that is: the session is marked.
    asio::awaitable<http::Outcome<Refreshed>> end_grant(Task task, FoundSession found);
    bool is_denied(const Task& task) const;
    asio::awaitable<Result<Replaced::Outcome>> mark(Secret ticket, FoundSession found, bool reauthorize);
    // As Refusals::Forgive.
    asio::awaitable<bool> forgive(Secret ticket);
    asio::awaitable<void> pause(std::chrono::milliseconds time);

    const Services& services_;
    OAuth& oauth_;
    Refusals refusals_;
    std::map<std::string, Unstored> unstored_;  // by key
    std::map<std::string, Denied> denied_;      // by key
};

}  // namespace cadenza::server
