#pragma once

// What a sign-in under way must remember between leaving for Spotify and coming back, in a sealed cookie of
// its own, so that tabs do not collide and nothing is kept for those who never come back.

#include "server/http/cookies.hpp"
#include "server/session/key_ring.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::server {

struct SignInFlow {
    std::string state;        // begins with the cookie's suffix
    std::string verifier;     // PKCE
    std::string return_to;    // a page of ours
    std::string session_key;  // of the session this browser had; it ends when the flow succeeds
    std::int64_t created_at{};

    bool operator==(const SignInFlow&) const = default;
};

class SignInCookies {
public:
    SignInCookies(const KeyRing& keys, bool secure) : keys_(keys), secure_(secure) {}

    // A new flow with fresh state and verifier.
    static SignInFlow begin(std::string return_to, std::string session_key, std::int64_t now);

    // Set-Cookie values: the new flow's, and those that make room for it.
    std::vector<std::string> set(const http::Request& request, const SignInFlow& flow) const;
    // The flow `state` belongs to. nullopt: none here, too old, or not this state.
    std::optional<SignInFlow> find(const http::Request& request, const std::string& state,
                                   std::int64_t now) const;
    // Clears the cookie of `state`, whatever became of it.
    std::string clear(const std::string& state) const;

private:
    std::string name(std::string_view suffix) const;

    const KeyRing& keys_;
    bool secure_;
};

// `return_to` when it is one of our pages, with or without a query; else "/". Never another origin.
std::string safe_return_to(std::string_view return_to);

}  // namespace cadenza::server
