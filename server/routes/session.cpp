#include "server/routes/routes.hpp"
#include "server/session/lifetimes.hpp"
#include "server/version.hpp"

#include <algorithm>
#include <utility>

namespace cadenza::server {
namespace {

SessionInfo describe(Session session, const Config& config) {
    auto& account = session.account();
    SessionInfo out;
    out.authenticated = true;
    out.account = std::move(account.key);
    out.user = User{std::move(account.name), std::nullopt};
    if (auto image = Url::parse(account.image_url)) out.user->image_url = std::move(*image);
    const auto idle_end = session.last_used + std::chrono::milliseconds(config.session_idle).count();
    std::chrono::milliseconds longest = config.session_absolute;
    if (!session.promised_sid.empty()) longest = std::min(longest, longest_stand_in);
    const auto end = session.created_at + longest.count();
    out.expires_at = Millis(std::min(idle_end, end));
    out.reauthorize_at = Millis(account.reauthorize ? session.created_at : reauthorize_at(account.grant));
    out.scopes = std::move(account.grant.scopes);
    return out;
}

// The one that asks first, then by when they were used.
SessionList describe(std::vector<SessionSummary> sessions, const std::string& own) {
    std::sort(sessions.begin(), sessions.end(), [&](const auto& a, const auto& b) {
        return std::pair(a.id == own, a.last_used) > std::pair(b.id == own, b.last_used);
    });
    SessionList out;
    for (auto& session : sessions) {
        const bool current = session.id == own;
        out.items.push_back({std::move(session.id), Millis(session.created_at), Millis(session.last_used),
                             std::move(session.user_agent), current});
    }
    return out;
}

}  // namespace

void add_session_routes(Routes& routes) {
    routes.on(endpoint::config, [](auto& call) -> asio::awaitable<http::Outcome<ClientConfig>> {
        const auto& config = call.backend.services.config;
        ClientConfig out;
        out.version = version;
        out.demo = config.demo;
        out.sdk_url = *Url::parse(config.sdk_url);
        if (!config.sentry_dsn_client.empty()) out.sentry_dsn = config.sentry_dsn_client;
        co_return out;
    });
    routes.on(endpoint::session, [](auto& call) -> asio::awaitable<http::Outcome<SessionInfo>> {
        auto found = co_await call.backend.sessions.find(call.request);
        if (!found) co_return found.error();
        if (!*found) co_return SessionInfo{};
        co_return describe(std::move((*found)->session), call.backend.services.config);
    });
    routes.on(endpoint::logout, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        auto done = co_await call.backend.sessions.sign_out(call.request);
        if (!done) co_return done.error();
        co_return None{};
    });
    routes.on(endpoint::disconnect, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        const auto account = call.session->session.account().key;
        auto ended = co_await call.backend.sessions.end_all(*call.session);
        if (!ended) co_return ended.error();
        call.backend.services.metrics.sessions_ended.add({"disconnect"});
        co_await call.backend.applied_edits.forget(account);
        co_await call.backend.gateway.forget(account);
        call.backend.sessions.clear_cookie(call.request);
        co_return None{};
    });
    routes.on(endpoint::sessions, [](auto& call) -> asio::awaitable<http::Outcome<SessionList>> {
        auto listed = co_await call.backend.sessions.list(*call.session);
        if (!listed) co_return listed.error();
        co_return describe(std::move(*listed), call.session->session.id);
    });
    routes.on(endpoint::revoke_session, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        auto revoked = co_await call.backend.sessions.revoke(*call.session, call.path.id.str());
        if (!revoked) co_return revoked.error();
        co_return None{};
    });
    routes.on(endpoint::revoke_other_sessions, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        auto revoked = co_await call.backend.sessions.revoke_others(*call.session);
        if (!revoked) co_return revoked.error();
        co_return None{};
    });
}

}  // namespace cadenza::server
