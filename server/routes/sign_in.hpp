#pragma once

// Sign-in: the two addresses a browser navigates to. Every outcome is a redirect to a page that says what
// happened.

#include "server/routes/routes.hpp"
#include "server/session/sign_in_flow.hpp"

#include <map>
#include <string>

namespace cadenza::server {

class SignIn {
public:
    explicit SignIn(Backend backend)
        : backend_(backend), cookies_(backend.services.keys, backend.services.config.secure()) {}

    // GET /auth/login?return_to=/path[&demo=1]
    http::Response login(const http::Request& request) const;
    // GET the path of the redirect URI
    asio::awaitable<http::Response> callback(const http::Request& request);

private:
    asio::awaitable<http::Outcome<Account>> account_of(Grant grant, Deadline deadline);
    http::Response fail(std::string_view problem, const std::string& state,
                        const http::Request& request) const;
    bool use_once(const std::string& state, std::int64_t now);

    Backend backend_;
    SignInCookies cookies_;
    std::map<std::string, std::int64_t> used_states_;  // until when they would be valid
};

}  // namespace cadenza::server
