#pragma once

// The accounts service. Source: https://developer.spotify.com/documentation/web-api/tutorials/code-flow and
// .../refreshing-tokens. A confidential client that also uses PKCE.

#include "server/base/clock.hpp"
#include "server/base/deadline.hpp"
#include "server/base/log.hpp"
#include "server/config.hpp"
#include "server/session/session.hpp"
#include "server/spotify/transport.hpp"

#include <string>

namespace cadenza::server {

enum class OAuthError {
    refused,      // invalid_grant: this code or refresh token is over
    unavailable,  // worth another try later, perhaps by then with other settings
};

class OAuth {
public:
    // All of them must outlive it.
    OAuth(const Config& config, const Transport& transport, const Clock& clock, const Log& log)
        : config_(config), transport_(transport), clock_(clock), log_(log) {}

    // Where the browser goes to sign in. `demo` skips the page, in demo mode.
    std::string authorize_url(const std::string& state, const std::string& verifier, bool demo) const;

    asio::awaitable<boost::system::result<Grant, OAuthError>> exchange(std::string code, std::string verifier,
                                                                       Deadline deadline);
    // The grant with a new access token; the refresh token stays unless another came.
    asio::awaitable<boost::system::result<Grant, OAuthError>> refresh(Grant grant, Deadline deadline);

private:
    asio::awaitable<boost::system::result<Grant, OAuthError>> ask(std::string form, Grant before,
                                                                  Deadline deadline);

    const Config& config_;
    const Transport& transport_;
    const Clock& clock_;
    const Log& log_;
};

[[noreturn]] void throw_exception_from_error(OAuthError error, const boost::source_location& where);

}  // namespace cadenza::server
