#include "server/routes/routes.hpp"
#include "server/version.hpp"

namespace cadenza::server {
namespace {

SessionInfo describe(const Session& session, const Config& config) {
    const auto& account = session.account();
    SessionInfo out;
    out.authenticated = true;
    out.account = account.key;
    out.user = User{account.name, std::nullopt};
    if (auto image = Url::parse(account.image_url)) out.user->image_url = std::move(*image);
    const auto idle_end = session.last_used + std::chrono::milliseconds(config.session_idle).count();
    const auto end = session.created_at + std::chrono::milliseconds(config.session_absolute).count();
    out.expires_at = Millis(std::min(idle_end, end));
    out.reauthorize_at = Millis(account.reauthorize ? session.created_at : reauthorize_at(account.grant));
    out.scopes = account.grant.scopes;
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
        co_return describe((*found)->session, call.backend.services.config);
    });
    routes.on(endpoint::logout, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        auto found = co_await call.backend.sessions.find(call.request);
        if (!found) co_return found.error();
        if (*found) {
            if (auto same = Sessions::check_account(call.request, **found); !same) co_return same.error();
            auto ended = co_await call.backend.sessions.end((*found)->key);
            if (!ended) co_return ended.error();
            call.backend.services.metrics.sessions_ended.add({"logout"});
        }
        call.cookies.push_back(call.backend.services.cookie().clear());
        co_return None{};
    });
    routes.on(endpoint::disconnect, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        const auto account = call.session->session.account().key;
        auto ended = co_await call.backend.sessions.end_all(account);
        if (!ended) co_return ended.error();
        call.backend.services.metrics.sessions_ended.add({"disconnect"});
        call.backend.applied_edits.forget(account);
        call.cookies.push_back(call.backend.services.cookie().clear());
        co_return None{};
    });
}

}  // namespace cadenza::server
