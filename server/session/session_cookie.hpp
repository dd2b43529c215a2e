#pragma once

#include "server/http/cookies.hpp"

#include <optional>
#include <string>

namespace cadenza::server {

// The sid cookie: 32 random bytes as base64url. Over https it is __Host-sid, so no other host can set it.
struct SessionCookie {
    bool secure{};
    std::chrono::seconds lifetime{};

    std::string name() const { return secure ? "__Host-sid" : "sid"; }
    // The sid of a request. Two of them are none: one was planted.
    std::optional<std::string> read(const http::Request& request) const;
    std::string set(const std::string& sid) const;
    std::string clear() const;
};

// Under which the store knows it.
std::string store_key(const std::string& sid);

}  // namespace cadenza::server
