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
    std::int64_t last_used{};

    const Account& account() const { return accounts[active]; }
    Account& account() { return accounts[active]; }
    bool operator==(const Session&) const = default;
};

// Spotify's refresh tokens end six months after sign-in; refreshing does not extend them.
// https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration
std::int64_t reauthorize_at(const Grant& grant) noexcept;

}  // namespace cadenza::server
