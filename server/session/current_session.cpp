#include "server/session/current_session.hpp"

#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t margin_ms = 60'000;

http::Failure store_failure() {
    return {
        ProblemCode::store_unavailable, "Sessions cannot be read just now; nobody is signed out.", {}, {}};
}

http::Failure sign_in_again() {
    return {ProblemCode::reauthorize, "Spotify no longer accepts this sign-in: sign in again.", {}, {}};
}

}  // namespace

asio::awaitable<http::Outcome<std::optional<CurrentSession>>> Sessions::find(const http::Request& request) {
    const auto sid = services_.cookie().read(request);
    if (!sid) co_return std::optional<CurrentSession>{};
    auto key = store_key(*sid);
    auto found = co_await services_.sessions.find(key, services_.clock());
    if (!found) co_return store_failure();
    if (!*found) co_return std::optional<CurrentSession>{};
    co_return CurrentSession{std::move(key), std::move(**found)};
}

asio::awaitable<http::Outcome<CurrentSession>> Sessions::require(const http::Request& request) {
    auto found = co_await find(request);
    if (!found) co_return found.error();
    if (!*found) co_return http::Failure{ProblemCode::signed_out, "Sign in first.", {}, {}};
    // Tabs share the cookie: one may still show another account's library.
    const auto account = request.headers.find("X-Cadenza-Account");
    if (account && *account != (*found)->session.account().key)
        co_return http::Failure{ProblemCode::account_changed, "Another account signed in meanwhile.", {}, {}};
    co_return std::move(**found);
}

asio::awaitable<http::Outcome<std::string>> Sessions::create(Account account) {
    auto sid = random_token(32);
    Session session;
    session.accounts.push_back(std::move(account));
    const auto created =
        co_await services_.sessions.create(store_key(sid), std::move(session), services_.clock());
    if (!created) co_return store_failure();
    co_return sid;
}

asio::awaitable<http::Outcome<void>> Sessions::end(std::string key) {
    const auto erased = co_await services_.sessions.erase(std::move(key));
    if (!erased) co_return store_failure();
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<void>> Sessions::end_all(std::string account) {
    const auto erased = co_await services_.sessions.erase_account(std::move(account));
    if (!erased) co_return store_failure();
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<Grant>> Sessions::fresh_grant(CurrentSession current, bool renew) {
    const auto& account = current.session.account();
    if (account.reauthorize) co_return sign_in_again();
    if (!renew && account.grant.access_expires_at - margin_ms > services_.clock()) co_return account.grant;
    auto dead = account.grant.access_token.reveal();
    co_return co_await refreshes_.run(
        current.key, [this, key = current.key, dead = std::move(dead)] { return refresh(key, dead); });
}

asio::awaitable<http::Outcome<Grant>> Sessions::refresh(std::string key, std::string dead_token) {
    auto found = co_await services_.sessions.find(key, services_.clock());
    if (!found) co_return store_failure();
    if (!*found) co_return http::Failure{ProblemCode::signed_out, "Sign in first.", {}, {}};
    auto& session = **found;
    if (session.account().reauthorize) co_return sign_in_again();
    // Somebody was faster.
    if (session.account().grant.access_token.reveal() != dead_token) co_return session.account().grant;

    auto fresh = co_await oauth_.refresh(session.account().grant);
    if (!fresh && fresh.error() == OAuthError::unavailable) {
        if (session.account().grant.access_expires_at > services_.clock()) co_return session.account().grant;
        co_return http::Failure{
            ProblemCode::upstream_unavailable, "Spotify's sign-in service does not answer.", {}, {}};
    }
    if (fresh)
        session.account().grant = std::move(*fresh);
    else
        session.account().reauthorize = true;
    services_.log.info("refresh", {{"ok", fresh.has_value()}, {"account", session.account().key}});
    auto grant = session.account().grant;
    const bool over = session.account().reauthorize;
    const auto stored = co_await services_.sessions.replace(key, std::move(session));
    if (!stored) services_.log.warn("session_not_stored");
    if (over) co_return sign_in_again();
    co_return grant;
}

Caller Sessions::caller(const CurrentSession& current) {
    return {current.session.account().key,
            [this, current](bool renew) -> asio::awaitable<http::Outcome<Secret>> {
                auto grant = co_await fresh_grant(current, renew);
                if (!grant) co_return grant.error();
                co_return std::move(grant->access_token);
            }};
}

}  // namespace cadenza::server
