#include "server/session/current_session.hpp"

#include "server/base/crypto.hpp"

#include <chrono>
#include <memory>

namespace cadenza::server {
namespace {

constexpr std::int64_t margin_ms = 60'000;
constexpr std::chrono::seconds refresh_time{10};

http::Failure store_failure() {
    return {
        ProblemCode::store_unavailable, "Sessions cannot be read just now; nobody is signed out.", {}, {}};
}

http::Failure sign_in_again() {
    return {ProblemCode::reauthorize, "Spotify no longer accepts this sign-in: sign in again.", {}, {}};
}

http::Failure signed_out() { return {ProblemCode::signed_out, "Sign in first.", {}, {}}; }

http::Failure accounts_out() {
    return {ProblemCode::upstream_unavailable, "Spotify's sign-in service does not answer.", {}, {}};
}

http::Failure accounts_slow() {
    return {ProblemCode::upstream_timeout, "Spotify's sign-in service did not answer in time.", {}, {}};
}

std::string_view outcome_of(const boost::system::result<Grant, OAuthError>& refreshed) {
    if (refreshed) return "ok";
    return refreshed.error() == OAuthError::refused ? "refused" : "unavailable";
}

http::Failure refusing_everybody(std::int64_t until) {
    http::Failure out{ProblemCode::upstream_unavailable,
                      "Spotify refuses many sign-ins at once; wait a moment.",
                      {},
                      until};
    out.status = 503;
    return out;
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
    if (!*found) co_return signed_out();
    if (auto same = check_account(request, **found); !same) co_return same.error();
    co_return std::move(**found);
}

http::Outcome<void> Sessions::check_account(const http::Request& request, const CurrentSession& current) {
    const auto account = request.headers.find("X-Cadenza-Account");
    if (account && *account != current.session.account().key)
        return http::Failure{ProblemCode::account_changed, "Another account signed in meanwhile.", {}, {}};
    return boost::system::in_place_value;
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

asio::awaitable<http::Outcome<Grant>> Sessions::fresh_grant(CurrentSession current,
                                                            std::optional<Secret> refused,
                                                            Deadline deadline) {
    const auto& account = current.session.account();
    if (account.reauthorize) co_return sign_in_again();
    if (!refused && account.grant.access_expires_at - margin_ms > services_.clock()) co_return account.grant;
    const auto dead = refused ? refused->reveal() : account.grant.access_token.reveal();
    const auto began = std::chrono::steady_clock::now();
    if (refreshes_.is_under_way(current.key)) services_.metrics.refresh_coalesced.add();
    // It has a time of its own: cut short with the first who asked, it would fail for all, and a new refresh
    // token that was on its way would be lost.
    auto flight = refreshes_.run(current.key, [this, key = current.key, dead] {
        return refresh(key, dead, std::chrono::steady_clock::now() + refresh_time);
    });
    auto grant = co_await within(services_.executor, deadline, std::move(flight));
    services_.metrics.refresh_wait.observe(seconds_since(began));
    if (!grant) co_return accounts_slow();
    // Good enough for its last minute, but not once Spotify did not take it.
    if (refused && *grant && (*grant)->access_token.reveal() == dead) co_return accounts_out();
    co_return std::move(*grant);
}

asio::awaitable<http::Outcome<Grant>> Sessions::refresh(std::string key, std::string dead_token,
                                                        Deadline deadline) {
    auto found = co_await services_.sessions.find(key, services_.clock());
    if (!found) co_return store_failure();
    if (!*found) co_return signed_out();
    auto& session = **found;
    if (session.account().reauthorize) co_return sign_in_again();
    // Somebody was faster.
    if (session.account().grant.access_token.reveal() != dead_token) co_return session.account().grant;
    const bool alive = session.account().grant.access_expires_at > services_.clock();
    if (const auto until = breaker_.open_until(services_.clock())) {
        if (alive) co_return session.account().grant;
        co_return refusing_everybody(*until);
    }

    auto fresh = co_await oauth_.refresh(session.account().grant, deadline);
    services_.metrics.refresh.add({outcome_of(fresh)});
    services_.log.info("refresh", {{"ok", fresh.has_value()}, {"account", session.account().key}});
    if (!fresh && fresh.error() == OAuthError::refused)
        co_return co_await give_up(std::move(key), std::move(dead_token));
    if (!fresh) {
        if (alive) co_return session.account().grant;
        co_return accounts_out();
    }
    session.account().grant = *fresh;
    const auto stored = co_await services_.sessions.replace(std::move(key), std::move(session));
    if (!stored) services_.log.warn("session_not_stored");
    co_return std::move(*fresh);
}

// The refresh token was refused, which is for good, unless it was an old one or Spotify is confused.
asio::awaitable<http::Outcome<Grant>> Sessions::give_up(std::string key, std::string dead_token) {
    auto found = co_await services_.sessions.find(key, services_.clock());
    if (!found) co_return store_failure();
    if (!*found) co_return signed_out();
    auto& session = **found;
    if (session.account().grant.access_token.reveal() != dead_token) co_return session.account().grant;
    if (const auto opened = breaker_.count(key, session.account().key, services_.clock())) {
        services_.log.error("refresh_refused_often", {{"until", opened->until}});
        for (const auto& believed : opened->believed) co_await forgive(believed);
        co_return refusing_everybody(opened->until);
    }
    session.account().reauthorize = true;
    const auto stored = co_await services_.sessions.replace(std::move(key), std::move(session));
    if (!stored) services_.log.warn("session_not_stored");
    co_return sign_in_again();
}

// It was refused like everybody: that says nothing about it.
asio::awaitable<void> Sessions::forgive(std::string key) {
    auto found = co_await services_.sessions.find(key, services_.clock());
    if (!found || !*found || !(*found)->account().reauthorize) co_return;
    (*found)->account().reauthorize = false;
    const auto stored = co_await services_.sessions.replace(std::move(key), std::move(**found));
    if (!stored) services_.log.warn("session_not_stored");
}

Caller Sessions::caller(const CurrentSession& current, Deadline deadline) {
    // What was handed out last is what Spotify refused, not what the session had when the request came.
    const auto handed = std::make_shared<std::optional<Secret>>();
    return {current.key, deadline,
            [this, current, deadline, handed](bool renew) -> asio::awaitable<http::Outcome<Secret>> {
                auto grant = co_await fresh_grant(current, renew ? *handed : std::nullopt, deadline);
                if (!grant) co_return grant.error();
                *handed = grant->access_token;
                co_return std::move(grant->access_token);
            }};
}

}  // namespace cadenza::server
