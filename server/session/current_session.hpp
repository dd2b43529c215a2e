#pragma once

#include "server/base/single_flight.hpp"
#include "server/http/problem.hpp"
#include "server/services.hpp"
#include "server/session/refresher.hpp"
#include "server/spotify/gateway.hpp"
#include "server/spotify/oauth.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cadenza::server {

// The session of a request.
struct CurrentSession {
    std::string key;  // its name in the store: nothing to sign in with
    Session session;
    Secret ticket;               // what its cookie says
    SessionCookieWriter cookie;  // of the answer to this request
};

// Finds the session of a request and keeps its access token fresh.
//
// A session may change while a request is answered: its token is refreshed, the store wants the cookie
// sealed anew. With server-side stores the browser need not know; with sealed cookies the new ticket must
// reach it with this very answer. Whoever changes a session puts the cookie into the request's AnswerCookies
// by CurrentSession::cookie, and App adds those to whatever the answer is. Handlers know nothing of it.
class Sessions {
public:
    Sessions(const Services& services, OAuth& oauth)
        : services_(services), refresher_(services, oauth), refreshes_(services.executor) {}

    // nullopt: nobody is signed in. Fails with store_unavailable, which is not the same. A request without
    // the cookie never reaches the store.
    asio::awaitable<http::Outcome<std::optional<CurrentSession>>> find(const http::Request& request);
    // Whether the request speaks for this session's account. Tabs share the cookie: one may still show
    // another account's library, and says so by X-Cadenza-Account.
    static http::Outcome<void> check_account(const http::Request& request, const CurrentSession& current);
    // The session where somebody must be signed in, and as the account the request names.
    asio::awaitable<http::Outcome<CurrentSession>> require(const http::Request& request);

    // The key of the ticket this request carries, whether or not its session lives; else empty.
    std::string key_of(const http::Request& request) const;
    // A new session, whose cookie the answer sets.
    asio::awaitable<http::Outcome<void>> create(const http::Request& request, Account account);
    // Ends the session of this request, if there is one, and clears the cookie. Works, where the store takes
    // it, also while the session itself cannot be read.
    asio::awaitable<http::Outcome<void>> sign_out(const http::Request& request);
    // These leave the cookie alone.
    asio::awaitable<http::Outcome<void>> end(std::string key);
    asio::awaitable<http::Outcome<void>> end_all(const CurrentSession& current);
    void clear_cookie(const http::Request& request) const { writer(request).clear(); }

    // The sessions of the account, as far as the store knows them; its own at least.
    asio::awaitable<http::Outcome<std::vector<SessionSummary>>> list(const CurrentSession& current);
    // Fails with store_cannot where the store knows its own only, with not_found for an id that is none.
    asio::awaitable<http::Outcome<void>> revoke(const CurrentSession& current, std::string id);
    asio::awaitable<http::Outcome<void>> revoke_others(const CurrentSession& current);

    // An access token that lives a minute longer at least. However many ask at the same time, Spotify is
    // asked once. `refused` is one that Spotify did not take although it looked good.
    asio::awaitable<http::Outcome<Grant>> fresh_grant(CurrentSession current, std::optional<Secret> refused,
                                                      Deadline deadline);
    // Whether Spotify is believed when it refuses a refresh.
    const Refusals& refusals() const { return refresher_.refusals(); }
    // Requests of this session.
    Caller caller(const CurrentSession& current, Deadline deadline);

private:
    asio::awaitable<http::Outcome<void>> end_unread(const http::Request& request, http::Failure failure);
    SessionCookieWriter writer(const http::Request& request) const { return {services_.cookie(), request}; }

    const Services& services_;
    Refresher refresher_;
    SingleFlight<http::Outcome<Refreshed>> refreshes_;
};

}  // namespace cadenza::server
