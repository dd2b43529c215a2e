#include "server/doctor/settings.hpp"

#include "server/config_address.hpp"
#include "server/config_sessions.hpp"
#include "server/session/session_cookie.hpp"

namespace cadenza::server::doctor {
namespace {

bool uses_redis(const Config& config) { return config.session_store == SessionStoreKind::redis; }

// Where the client's requests go.
const std::string& called_origin(const Config& config) {
    return config.backend_url.empty() ? config.own_origin : config.backend_url;
}

}  // namespace

Finding redirect_uri(const Config& config) {
    const std::string check = "redirect_uri";
    if (config.demo) return {check, State::skipped, "demo mode: the emulator takes what it is given", ""};
    if (const auto problem = redirect_problem(config.redirect_uri))
        return {check, State::failed, *problem, "set SPOTIFY_REDIRECT_URI to an address Spotify takes"};
    return {check, State::ok,
            "Spotify takes addresses like this one; whether it knows this one shows at the first sign-in",
            "paste exactly this into Redirect URIs at https://developer.spotify.com/dashboard and save: " +
                config.redirect_uri};
}

Finding same_site(const Config& config) {
    const std::string check = "same_site";
    const auto& called = called_origin(config);
    const auto pair = config.frontend_url + " and " + called;
    if (config.frontend_url == called) return {check, State::ok, "client and server are one origin", ""};
    if (!is_same_site(config.frontend_url, called) || !is_same_site(config.frontend_url, config.own_origin))
        return {check, State::failed,
                pair + " are different sites, so browsers do not send the session's cookie",
                "put both below one domain, over https both, and set FRONTEND_URL and BACKEND_URL"};
    if (called != config.own_origin)
        return {check, State::warning,
                "BACKEND_URL is " + called + ", but Spotify sends people back to " + config.own_origin +
                    ", where the cookie is set",
                "let BACKEND_URL and SPOTIFY_REDIRECT_URI name one origin"};
    return {check, State::ok, pair + " are one site", ""};
}

Finding cookies(const Config& config) {
    const SessionCookie cookie{.secure = config.secure(), .lifetime = {}};
    const auto what = "session in " + std::string(cookie.name()) + ": HttpOnly, SameSite=Strict, Path=/";
    if (config.secure()) return {"cookies", State::ok, what + ", Secure", ""};
    return {"cookies", State::ok, what + "; not Secure, as " + config.own_origin + " is this machine's only",
            ""};
}

Finding proxies(const Config& config) {
    const std::string check = "proxies";
    const bool trusts = !config.trusted_proxies.empty();
    if (trusts) return {check, State::ok, "X-Forwarded-* count from " + config.forwarded_allow_ips, ""};
    if (config.secure() && !config.serves_tls())
        return {check, State::warning,
                "browsers come over https, which is not ours, so through a proxy, and none is trusted: all "
                "clients count as one address for rates and connections",
                "set FORWARDED_ALLOW_IPS to the proxy's addresses, and see that it sets X-Forwarded-For and "
                "X-Forwarded-Proto"};
    return {check, State::ok, "none: clients connect to this server itself", ""};
}

Finding sessions(const Config& config) {
    const auto what = std::string("sessions in ") + name(config.session_store) + ", " +
                      std::to_string(config.replicas) + " replica(s) of " + std::to_string(config.workers) +
                      " worker(s)";
    switch (config.session_store) {
        case SessionStoreKind::memory:
            if (config.demo) return {"sessions", State::ok, what, ""};
            return {"sessions", State::warning, what + ": a restart signs everybody out",
                    "set REDIS_URL, or SESSION_STORE=cookie with SESSION_KEYS"};
        case SessionStoreKind::cookie:
            return {"sessions", State::ok, what + ": nobody can end a session of another device", ""};
        default: return {"sessions", State::ok, what, ""};
    }
}

Finding store_fallback(const Config& config) {
    const std::string check = "store_fallback";
    if (!uses_redis(config)) return {check, State::skipped, "for sessions in Redis only", ""};
    switch (config.store_fallback) {
        case StoreFallback::memory:
            return {check, State::ok, "while Redis is out, new sessions live in memory", ""};
        case StoreFallback::cookie:
            return {check, State::ok, "while Redis is out, new sessions live sealed in cookies", ""};
        default:
            return {check, State::ok,
                    "none: while Redis is out, requests with a session are answered 503 and nobody signs in",
                    ""};
    }
}

Finding rate_limit(const Config& config) {
    if (config.rate_limit)
        return {"rate_limit", State::ok, "requests are limited for each address and session", ""};
    return {"rate_limit", State::warning, "off: one client can use up the server and Spotify's allowance",
            "leave RATE_LIMIT unset, unless something before this server limits"};
}

Finding admin(const Config& config) {
    if (!config.admin) return {"admin", State::ok, "no metrics are served", ""};
    const auto where = "metrics at " + config.admin->text();
    const auto& host = config.admin->host;
    if (is_loopback(host.find(':') == host.npos ? host : "[" + host + "]"))
        return {"admin", State::ok, where + ", this machine only", ""};
    return {"admin", State::warning, where + ", without any sign-in",
            "see that only your monitoring reaches ADMIN_ADDR, or use 127.0.0.1"};
}

Finding trusted_types(const Config& config) {
    if (config.trusted_types == http::TrustedTypes::enforce)
        return {"trusted_types", State::ok, "enforced", ""};
    return {"trusted_types", State::warning, "only reported: browsers let scripts be set from text",
            "leave CSP_TRUSTED_TYPES unset"};
}

Finding error_reports(const Config& config) {
    const bool server = config.sentry_dsn.has_value();
    const bool client = !config.sentry_dsn_client.empty();
    if (server && client) return {"error_reports", State::ok, "of the server and of the client", ""};
    if (server) return {"error_reports", State::ok, "of the server; SENTRY_DSN_CLIENT is not set", ""};
    if (client) return {"error_reports", State::ok, "of the client; SENTRY_DSN is not set", ""};
    return {"error_reports", State::ok, "none: errors are in the log only", ""};
}

Finding backups(const Config& config) {
    const std::string check = "backups";
    if (config.demo) return {check, State::ok, "nothing: demo mode keeps nothing", ""};
    const std::string apart = "; keys apart from the data they open";
    switch (config.session_store) {
        case SessionStoreKind::redis:
            return {
                check, State::ok,
                "to be saved: SESSION_KEYS, and Redis' data; without either everybody signs in again" + apart,
                ""};
        case SessionStoreKind::cookie:
            return {check, State::ok, "to be saved: SESSION_KEYS; without it everybody signs in again", ""};
        default: return {check, State::ok, "nothing: sessions in memory end with the process", ""};
    }
}

Findings settings_findings(const Config& config) {
    return {redirect_uri(config),  same_site(config),      cookies(config),    proxies(config),
            sessions(config),      store_fallback(config), rate_limit(config), admin(config),
            trusted_types(config), error_reports(config),  backups(config)};
}

}  // namespace cadenza::server::doctor
