#include "server/spotify/oauth.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/config_reader.hpp"
#include "shared/base/json.hpp"
#include "shared/base/query.hpp"

#include <boost/describe/class.hpp>

#include <sstream>
#include <stdexcept>

namespace cadenza::server {
namespace {

// It may be slow; who waits for it has a shorter deadline.
constexpr std::chrono::milliseconds token_timeout{25'000};

struct TokenAnswer {
    std::string access_token;
    Bounded<std::int64_t, 1, 86'400> expires_in;  // seconds
    std::optional<std::string> refresh_token;     // absent or empty: keep the one you have
    std::optional<std::string> scope;
};
BOOST_DESCRIBE_STRUCT(TokenAnswer, (), (access_token, expires_in, refresh_token, scope))

struct TokenError {
    std::string error;
};
BOOST_DESCRIBE_STRUCT(TokenError, (), (error))

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

std::string form(std::initializer_list<std::pair<const char*, std::string>> fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out += (out.empty() ? "" : "&") + std::string(name) + "=" + percent_encode(value);
    return out;
}

}  // namespace

std::string OAuth::authorize_url(const std::string& state, const std::string& verifier, bool demo) const {
    const auto challenge = to_base64url(sha256(verifier));
    auto url = config_.accounts_url + "/authorize?" +
               form({{"client_id", config_.client_id},
                     {"response_type", "code"},
                     {"redirect_uri", config_.redirect_uri},
                     {"state", state},
                     {"scope", config_.scopes},
                     {"code_challenge_method", "S256"},
                     {"code_challenge", challenge}});
    if (demo) url += "&demo_user=1";
    return url;
}

asio::awaitable<boost::system::result<Grant, OAuthError>> OAuth::exchange(std::string code,
                                                                          std::string verifier,
                                                                          Deadline deadline) {
    Grant fresh;
    fresh.authorized_at = clock_();
    co_return co_await ask(form({{"grant_type", "authorization_code"},
                                 {"code", code},
                                 {"redirect_uri", config_.redirect_uri},
                                 {"code_verifier", verifier}}),
                           std::move(fresh), deadline);
}

asio::awaitable<boost::system::result<Grant, OAuthError>> OAuth::refresh(Grant grant, Deadline deadline) {
    auto body = form({{"grant_type", "refresh_token"}, {"refresh_token", grant.refresh_token.reveal()}});
    co_return co_await ask(std::move(body), std::move(grant), deadline);
}

asio::awaitable<boost::system::result<Grant, OAuthError>> OAuth::ask(std::string body, Grant before,
                                                                     Deadline deadline) {
    const auto origin = origin_of(config_.accounts_url);
    http::ClientRequest request{.method = Method::post,
                                .origin = origin,
                                .target = config_.accounts_url.substr(origin.size()) + "/api/token",
                                .headers = {},
                                .body = std::move(body)};
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.headers.add("Accept", "application/json");
    request.headers.add("Authorization",
                        "Basic " + to_base64(config_.client_id + ":" + config_.client_secret.reveal()));
    const auto answer = co_await transport_(std::move(request), at_most(token_timeout, deadline));
    if (!answer) co_return OAuthError::unavailable;
    if (answer->status != 200) {
        // Only this code says something about the user. The others are about us (a secret that was changed at
        // Spotify, say) or an outage, and nobody should lose a sign-in by those.
        const auto error = decode<TokenError>(answer->body);
        if (answer->status < 500 && error && error->error == "invalid_grant") co_return OAuthError::refused;
        log_.error("token_request_refused",
                   {{"status", answer->status}, {"error", error ? error->error : "unreadable"}});
        co_return OAuthError::unavailable;
    }
    auto tokens = decode<TokenAnswer>(answer->body);
    if (!tokens) co_return OAuthError::unavailable;
    before.access_token = Secret(std::move(tokens->access_token));
    before.access_expires_at = clock_() + tokens->expires_in * 1000;
    if (tokens->refresh_token && !tokens->refresh_token->empty())
        before.refresh_token = Secret(std::move(*tokens->refresh_token));
    if (tokens->scope) before.scopes = words(*tokens->scope);
    co_return before;
}

void throw_exception_from_error(OAuthError, const boost::source_location&) {
    throw std::logic_error("unchecked sign-in error");
}

}  // namespace cadenza::server
