#include "server/session/session_cookie.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {

std::optional<std::string> SessionCookie::read(const http::Request& request) const {
    std::optional<std::string> sid;
    for (auto& cookie : http::cookies_of(request)) {
        if (cookie.name != name()) continue;
        if (sid) return std::nullopt;
        sid = std::move(cookie.value);
    }
    // Anything else was not made here, and never reaches the store.
    if (!sid || sid->size() != 43 || !from_base64url(*sid)) return std::nullopt;
    return sid;
}

std::string SessionCookie::set(const std::string& sid) const {
    return http::render({.name = name(), .value = sid, .secure = secure, .max_age = lifetime});
}

std::string SessionCookie::clear() const {
    return http::render({.name = name(), .value = "", .secure = secure, .max_age = std::chrono::seconds(0)});
}

std::string store_key(const std::string& sid) { return to_base64url(sha256(sid)); }

}  // namespace cadenza::server
