#include "server/session/sign_in_flow.hpp"

#include "server/base/ascii.hpp"
#include "server/base/crypto.hpp"
#include "shared/api/pages.hpp"
#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>

namespace cadenza::server {

BOOST_DESCRIBE_STRUCT(SignInFlow, (), (state, verifier, return_to, session_key, created_at))

namespace {

constexpr std::size_t suffix_size = 8;
constexpr std::size_t most_flows = 5;
constexpr std::chrono::seconds lifetime{600};

bool is_suffix(std::string_view text) {
    return text.size() == suffix_size && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

SignInFlow SignInCookies::begin(std::string return_to, std::string session_key, std::int64_t now) {
    return {.state = hex(random_bytes(suffix_size / 2)) + random_token(24),
            .verifier = random_token(32),
            .return_to = std::move(return_to),
            .session_key = std::move(session_key),
            .created_at = now};
}

std::string SignInCookies::name(std::string_view suffix) const {
    return (secure_ ? "__Host-login-" : "login-") + std::string(suffix);
}

std::vector<std::string> SignInCookies::set(const http::Request& request, const SignInFlow& flow) const {
    std::vector<std::string> out;
    const auto prefix = name("");
    std::vector<std::string> older;
    for (const auto& cookie : http::cookies_of(request))
        if (cookie.name.starts_with(prefix) && is_suffix(cookie.name.substr(prefix.size())))
            older.push_back(cookie.name.substr(prefix.size()));
    // Browsers send the oldest first (RFC 6265, 5.4), for equal paths.
    for (std::size_t i = 0; i + most_flows <= older.size(); ++i) out.push_back(clear(older[i]));
    const auto suffix = flow.state.substr(0, suffix_size);
    out.push_back(http::render({.name = name(suffix),
                                .value = keys_.seal(encode(flow), name(suffix)),
                                .same_site = http::SameSite::lax,
                                .secure = secure_,
                                .max_age = lifetime}));
    return out;
}

std::optional<SignInFlow> SignInCookies::find(const http::Request& request, const std::string& state,
                                              std::int64_t now) const {
    const auto wanted = name(state.substr(0, suffix_size));
    for (const auto& cookie : http::cookies_of(request)) {
        if (cookie.name != wanted) continue;
        const auto opened = keys_.open(cookie.value, wanted);
        if (!opened) continue;
        auto flow = decode<SignInFlow>(*opened, UnknownFields::refuse);
        if (!flow || !same(flow->state, state)) continue;
        if (now - flow->created_at > std::chrono::milliseconds(lifetime).count()) return std::nullopt;
        return std::move(*flow);
    }
    return std::nullopt;
}

std::string SignInCookies::clear(const std::string& state) const {
    const auto suffix = state.substr(0, suffix_size);
    return http::render({.name = name(is_suffix(suffix) ? suffix : std::string(suffix_size, '0')),
                         .value = "",
                         .same_site = http::SameSite::lax,
                         .secure = secure_,
                         .max_age = std::chrono::seconds(0)});
}

std::string safe_return_to(std::string_view return_to) {
    const auto path = return_to.substr(0, return_to.find('?'));
    const bool printable = std::all_of(return_to.begin(), return_to.end(),
                                       [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '#'; });
    return printable && return_to.size() <= 1'000 && is_page(path) ? std::string(return_to) : "/";
}

}  // namespace cadenza::server
