#pragma once

#include "shared/base/bounded.hpp"
#include "shared/base/url.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cadenza {

struct User {
    std::string name;
    std::optional<Url> image_url;

    bool operator==(const User&) const = default;
};
BOOST_DESCRIBE_STRUCT(User, (), (name, image_url))

// GET /api/session. Signed out: only `authenticated` is there, false.
struct SessionInfo {
    bool authenticated{};
    // Opaque, stable for a user on this server, [0-9A-Za-z_-]{1,64}: names the device's database and goes
    // into X-Cadenza-Account.
    std::optional<std::string> account;
    std::optional<User> user;
    std::optional<Millis> expires_at;      // of the session, since 1970
    std::optional<Millis> reauthorize_at;  // when Spotify's grant ends: six months after sign-in
    std::optional<std::vector<std::string>> scopes;

    bool operator==(const SessionInfo&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionInfo, (), (authenticated, account, user, expires_at, reauthorize_at, scopes))

// One of a user's sessions: a browser that is signed in.
struct SignedInBrowser {
    std::string id;          // for DELETE /api/sessions/{id}; says nothing about the cookie
    Millis created_at;       // since 1970
    Millis last_used;        // to the minute
    std::string user_agent;  // "Firefox on Linux"
    bool current{};          // the one that asks

    bool operator==(const SignedInBrowser&) const = default;
};
BOOST_DESCRIBE_STRUCT(SignedInBrowser, (), (id, created_at, last_used, user_agent, current))

// GET /api/sessions. The one that asks comes first.
struct SessionList {
    std::vector<SignedInBrowser> items;

    bool operator==(const SessionList&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionList, (), (items))

// GET /api/config: what a client must know before anyone signed in.
struct ClientConfig {
    std::string version;
    bool demo{};  // the emulator stands in for Spotify
    Url sdk_url;  // of the Web Playback SDK's script
    std::vector<std::string> features;
    std::optional<std::string> sentry_dsn;

    bool operator==(const ClientConfig&) const = default;
};
BOOST_DESCRIBE_STRUCT(ClientConfig, (), (version, demo, sdk_url, features, sentry_dsn))

// POST /api/player/token. The only secret the page ever holds: kept in memory, for the SDK.
struct PlayerToken {
    std::string access_token;
    Millis expires_at;  // since 1970

    bool operator==(const PlayerToken&) const = default;
};
BOOST_DESCRIBE_STRUCT(PlayerToken, (), (access_token, expires_at))

}  // namespace cadenza
