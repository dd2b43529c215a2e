#pragma once

#include "server/base/single_flight.hpp"
#include "server/http/problem.hpp"
#include "server/services.hpp"
#include "server/session/refusal_breaker.hpp"
#include "server/spotify/gateway.hpp"
#include "server/spotify/oauth.hpp"

#include <optional>
#include <string>

namespace cadenza::server {

// A session as the store has it, with the name it has there.
struct CurrentSession {
    std::string key;
    Session session;
};

// Finds the session of a request and keeps its access token fresh.
class Sessions {
public:
    Sessions(const Services& services, OAuth& oauth)
        : services_(services), oauth_(oauth), refreshes_(services.executor) {}

    // nullopt: nobody is signed in. Fails with store_unavailable, which is not the same. A request without
    // the cookie never reaches the store.
    asio::awaitable<http::Outcome<std::optional<CurrentSession>>> find(const http::Request& request);
    // Whether the request speaks for this session's account. Tabs share the cookie: one may still show
    // another account's library, and says so by X-Cadenza-Account.
    static http::Outcome<void> check_account(const http::Request& request, const CurrentSession& current);
    // The session where somebody must be signed in, and as the account the request names.
    asio::awaitable<http::Outcome<CurrentSession>> require(const http::Request& request);

    // Stores a new session and returns its sid.
    asio::awaitable<http::Outcome<std::string>> create(Account account);
    asio::awaitable<http::Outcome<void>> end(std::string key);
    asio::awaitable<http::Outcome<void>> end_all(std::string account);

    // An access token that lives a minute longer at least. However many ask at the same time, Spotify is
    // asked once. `refused` is one that Spotify did not take although it looked good.
    asio::awaitable<http::Outcome<Grant>> fresh_grant(CurrentSession current, std::optional<Secret> refused,
                                                      Deadline deadline);
    // Whether refusals of Spotify are not believed just now.
    bool breaker_is_open() const { return breaker_.open_until(services_.clock()).has_value(); }
    // Requests of this session.
    Caller caller(const CurrentSession& current, Deadline deadline);

private:
    asio::awaitable<http::Outcome<Grant>> refresh(std::string key, std::string dead_token, Deadline deadline);
    asio::awaitable<http::Outcome<Grant>> give_up(std::string key, std::string dead_token);
    asio::awaitable<void> forgive(std::string key);

    const Services& services_;
    OAuth& oauth_;
    SingleFlight<http::Outcome<Grant>> refreshes_;
    RefusalBreaker breaker_;
};

}  // namespace cadenza::server
