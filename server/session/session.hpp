#pragma once

#include "server/base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::server {

// What Spotify granted for one account. Times are ms since 1970.
struct Grant {
    Secret access_token;
    std::int64_t access_expires_at{};
    Secret refresh_token;
    std::int64_t authorized_at{};
    std::vector<std::string> scopes;

    bool operator==(const Grant&) const = default;
};

struct Account {
    std::string key;  // opaque, stable for this user on this server: SessionInfo::account
    std::string spotify_id;
    std::string name;
    std::string image_url;  // may be empty
    Grant grant;
    bool reauthorize{};  // Spotify no longer accepts the grant; only a new sign-in helps

    bool operator==(const Account&) const = default;
};

// One browser that signed in. There is room for several accounts, one of them active.
struct Session {
    std::vector<Account> accounts;  // 1 to 5
    std::size_t active{};
    std::int64_t created_at{};
    std::int64_t last_used{};  // as far as the store wrote it down
    std::string id;            // names it in lists; says nothing about the cookie
    std::string user_agent;    // what signed in: "Firefox on Linux"
    std::int64_t version{};    // counts changes, for the store to compare
    Secret promised_sid;       // of a sealed one that stands in while Redis is out: what it becomes then

    const Account& account() const { return accounts[active]; }
    Account& account() { return accounts[active]; }
    bool operator==(const Session&) const = default;
};

// What a list of sessions shows.
struct SessionSummary {
    std::string id;
    std::int64_t created_at{};
    std::int64_t last_used{};
    std::string user_agent;

    bool operator==(const SessionSummary&) const = default;
};
inline SessionSummary summary_of(const Session& session) {
    return {session.id, session.created_at, session.last_used, session.user_agent};
}

// Spotify's refresh tokens end six months after sign-in; refreshing does not extend them.
// https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration
inline std::int64_t reauthorize_at(const Grant& grant) noexcept {
    constexpr std::int64_t day = 24LL * 3600 * 1000;
    return grant.authorized_at + 181 * day;  // the shortest six months
}

}  // namespace cadenza::server
