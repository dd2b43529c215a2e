#include "server/session/current_session.hpp"

#include "server/session/failures.hpp"
#include "server/session/sid.hpp"
#include "server/session/user_agent.hpp"

#include <memory>

namespace cadenza::server {
namespace {

constexpr std::int64_t margin_ms = 60'000;

}  // namespace

asio::awaitable<http::Outcome<std::optional<CurrentSession>>> Sessions::find(const http::Request& request) {
    auto text = services_.cookie().read(request);
    if (!text) co_return std::optional<CurrentSession>{};
    Secret ticket(std::move(*text));
    auto found = co_await services_.sessions.find(ticket, services_.clock());
    if (!found) co_return store_failure(services_.clock());
    if (!*found) co_return std::optional<CurrentSession>{};
    CurrentSession out{std::move((*found)->key), std::move((*found)->session), std::move(ticket),
                       writer(request)};
    if ((*found)->ticket) {
        out.ticket = std::move(*(*found)->ticket);
        out.cookie.set(out.ticket);
    }
    co_return out;
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

std::string Sessions::key_of(const http::Request& request) const {
    auto ticket = services_.cookie().read(request);
    return ticket ? services_.sessions.key_of(Secret(std::move(*ticket))) : std::string();
}

asio::awaitable<http::Outcome<void>> Sessions::create(const http::Request& request, Account account) {
    Session session;
    session.accounts.push_back(std::move(account));
    session.user_agent = browser_of(request.header("User-Agent"));
    const auto created = co_await services_.sessions.create(std::move(session), services_.clock());
    if (!created) {
        services_.log.error("session_not_created", {{"error", created.error().detail}});
        co_return store_failure(services_.clock());
    }
    writer(request).set(*created);
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<void>> Sessions::sign_out(const http::Request& request) {
    auto found = co_await find(request);
    if (!found) {
        if (auto ended = co_await end_unread(request, found.error()); !ended) co_return ended;
    } else if (*found) {
        if (auto same = check_account(request, **found); !same) co_return same;
        if (auto ended = co_await end((*found)->key); !ended) co_return ended;
        services_.metrics.sessions_ended.add({"logout"});
    }
    clear_cookie(request);
    co_return boost::system::in_place_value;
}

// The store cannot read it, but may take note that it is to end; whose it is its name says.
asio::awaitable<http::Outcome<void>> Sessions::end_unread(const http::Request& request,
                                                          http::Failure failure) {
    const auto key = key_of(request);
    const auto account = request.headers.find("X-Cadenza-Account");
    if (account && !key.starts_with(account_tag(*account))) co_return failure;
    if (const auto ended = co_await end(key); !ended) co_return failure;
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<void>> Sessions::end(std::string key) {
    const auto erased = co_await services_.sessions.erase(std::move(key));
    if (!erased) co_return store_failure(services_.clock());
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<void>> Sessions::end_all(const CurrentSession& current) {
    // A sealed one is in no account's list.
    if (auto ended = co_await end(current.key); !ended) co_return ended;
    const auto erased = co_await services_.sessions.erase_account(current.session.account().key);
    if (!erased) co_return store_failure(services_.clock());
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<std::vector<SessionSummary>>> Sessions::list(const CurrentSession& current) {
    if (!services_.sessions.abilities().lists) co_return std::vector{summary_of(current.session)};
    auto listed = co_await services_.sessions.list(current.session.account().key, services_.clock());
    if (!listed) co_return store_failure(services_.clock());
    co_return std::move(*listed);
}

asio::awaitable<http::Outcome<void>> Sessions::revoke(const CurrentSession& current, std::string id) {
    if (id == current.session.id) {
        auto ended = co_await end(current.key);
        if (!ended) co_return ended;
        services_.metrics.sessions_ended.add({"revoked"});
        current.cookie.clear();
        co_return ended;
    }
    if (!services_.sessions.abilities().lists) co_return store_cannot();
    const auto revoked = co_await services_.sessions.revoke(current.session.account().key, std::move(id));
    if (!revoked) co_return store_failure(services_.clock());
    if (!*revoked) co_return http::Failure{ProblemCode::not_found, "There is no such session.", {}, {}};
    services_.metrics.sessions_ended.add({"revoked"});
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<void>> Sessions::revoke_others(const CurrentSession& current) {
    if (!services_.sessions.abilities().lists) co_return store_cannot();
    const auto revoked =
        co_await services_.sessions.revoke_others(current.session.account().key, current.session.id);
    if (!revoked) co_return store_failure(services_.clock());
    services_.metrics.sessions_ended.add({"revoked"});
    co_return boost::system::in_place_value;
}

asio::awaitable<http::Outcome<Grant>> Sessions::fresh_grant(CurrentSession current,
                                                            std::optional<Secret> refused,
                                                            Deadline deadline) {
    const auto& account = current.session.account();
    if (account.reauthorize) co_return sign_in_again();
    if (!refused && account.grant.access_expires_at - margin_ms > services_.clock()) co_return account.grant;
    const Refresher::Dead dead{refused ? *refused : account.grant.access_token, refused.has_value()};
    const auto began = std::chrono::steady_clock::now();
    if (refreshes_.is_under_way(current.key)) services_.metrics.refresh_coalesced.add();
    auto flight = refreshes_.run(current.key, [this, key = current.key, ticket = current.ticket, dead] {
        return refresher_.refresh(key, ticket, dead);
    });
    auto refreshed = co_await within(services_.executor, deadline, std::move(flight));
    services_.metrics.refresh_wait.observe(seconds_since(began));
    if (!refreshed) co_return accounts_slow();
    if (!*refreshed) co_return refreshed->error();
    if ((*refreshed)->ticket) current.cookie.set(*(*refreshed)->ticket);
    // Good enough for its last minute, but not once Spotify did not take it.
    if (refused && (*refreshed)->grant.access_token == dead.token) co_return accounts_out();
    co_return std::move((*refreshed)->grant);
}

Caller Sessions::caller(const CurrentSession& current, Deadline deadline) {
    // What was handed out last is what Spotify refused, not what the session had when the request came.
    const auto handed = std::make_shared<std::optional<Secret>>();
    return {current.key, current.session.account().key, deadline,
            [this, current, handed](bool renew, Deadline until) -> asio::awaitable<http::Outcome<Secret>> {
                auto grant = co_await fresh_grant(current, renew ? *handed : std::nullopt, until);
                if (!grant) co_return grant.error();
                *handed = grant->access_token;
                co_return std::move(grant->access_token);
            }};
}

}  // namespace cadenza::server
