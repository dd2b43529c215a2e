#include "server/doctor/settings.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "tests/doctor/settings_of.hpp"

#include <algorithm>

namespace cadenza::server::doctor {
namespace {

std::string key() { return "2026a:" + to_base64(random_bytes(32)); }

bool mentions(const std::string& text, std::string_view word) { return text.find(word) != text.npos; }

}  // namespace

TEST_CASE("the redirect URI is told as it is to be pasted") {
    const auto good = redirect_uri(app());
    CHECK(good.state == State::ok);
    CHECK(good.todo.ends_with(": https://music.example.org/auth/callback"));
    CHECK(redirect_uri(settings_of({})).state == State::skipped);

    for (const std::string bad :
         {"http://localhost:8000/auth/callback", "http://192.168.1.2/auth/callback", "nonsense"}) {
        CAPTURE(bad);
        auto config = app();
        config.redirect_uri = bad;
        CHECK(redirect_uri(config).state == State::failed);
    }
    auto loopback = app();
    loopback.redirect_uri = "http://127.0.0.1:8000/auth/callback";
    CHECK(redirect_uri(loopback).state == State::ok);
}

TEST_CASE("client and server must be one site, or no cookie is sent") {
    CHECK(same_site(app()).what == "client and server are one origin");
    const auto two = app({{"FRONTEND_URL", "https://app.example.org"}});
    CHECK(same_site(two).state == State::ok);

    auto apart = two;
    apart.frontend_url = "https://someone.github.io";
    CHECK(same_site(apart).state == State::failed);
    auto other = two;
    other.backend_url = "https://backend.example.net";
    CHECK(same_site(other).state == State::failed);
    // The cookie is set for the host that Spotify sends people back to.
    other.backend_url = "https://api.example.org";
    CHECK(same_site(other).state == State::warning);
}

TEST_CASE("the cookie's name and Secure follow from the own origin") {
    CHECK(cookies(app()).what.starts_with("session in __Host-sid"));
    CHECK(cookies(app()).what.ends_with(", Secure"));
    CHECK(cookies(settings_of({})).what.starts_with("session in sid:"));
}

TEST_CASE("https that is not ours means a proxy, and a proxy has to be trusted") {
    CHECK(proxies(app()).state == State::warning);
    CHECK(mentions(proxies(app()).todo, "FORWARDED_ALLOW_IPS"));
    CHECK(proxies(app({{"FORWARDED_ALLOW_IPS", "10.0.0.0/8"}})).state == State::ok);
    CHECK(proxies(app({{"TLS_CERT_FILE", "/c"}, {"TLS_KEY_FILE", "/k"}})).state == State::ok);
    CHECK(proxies(settings_of({})).state == State::ok);
}

TEST_CASE("sessions in memory end with the process; the others say what they cannot do") {
    CHECK(sessions(app()).state == State::warning);
    CHECK(sessions(settings_of({})).state == State::ok);
    const auto redis = app({{"REDIS_URL", "redis://127.0.0.1"}, {"WORKERS", "4"}, {"SESSION_KEYS", key()}});
    CHECK(sessions(redis).what == "sessions in redis, 1 replica(s) of 4 worker(s)");
    CHECK(sessions(redis).state == State::ok);
    CHECK(sessions(app({{"SESSION_STORE", "cookie"}, {"SESSION_KEYS", key()}})).state == State::ok);
}

TEST_CASE("what happens while Redis is out") {
    const Variables redis{{"REDIS_URL", "redis://127.0.0.1"}, {"SESSION_KEYS", key()}};
    const auto with = [&](const std::string& fallback) {
        auto variables = redis;
        variables["STORE_FALLBACK"] = fallback;
        return store_fallback(app(variables));
    };
    CHECK(store_fallback(app()).state == State::skipped);
    CHECK(mentions(with("none").what, "503"));
    CHECK(mentions(with("memory").what, "memory"));
    CHECK(mentions(with("cookie").what, "cookies"));
}

TEST_CASE("settings that weaken the server are warnings") {
    CHECK(rate_limit(app()).state == State::ok);
    CHECK(rate_limit(app({{"RATE_LIMIT", "off"}})).state == State::warning);
    CHECK(trusted_types(app()).state == State::ok);
    CHECK(trusted_types(app({{"CSP_TRUSTED_TYPES", "report"}})).state == State::warning);
    for (const std::string address : {"127.0.0.1:9464", "[::1]:9464", ""})
        CHECK(admin(app({{"ADMIN_ADDR", address}})).state == State::ok);
    for (const std::string address : {"0.0.0.0:9464", "[::]:9464", "10.1.2.3:9464"})
        CHECK(admin(app({{"ADMIN_ADDR", address}})).state == State::warning);
}

TEST_CASE("where errors are reported, without the address that holds a key") {
    const std::string dsn = "https://sentrykey@errors.example.org/1";
    CHECK(mentions(error_reports(app()).what, "log only"));
    for (const auto& config : {app({{"SENTRY_DSN", dsn}}), app({{"SENTRY_DSN_CLIENT", dsn}}),
                               app({{"SENTRY_DSN", dsn}, {"SENTRY_DSN_CLIENT", dsn}})}) {
        CHECK(error_reports(config).state == State::ok);
        CHECK_FALSE(mentions(error_reports(config).what, "sentrykey"));
    }
}

TEST_CASE("what to save follows from the store") {
    CHECK(mentions(backups(app()).what, "nothing"));
    CHECK(mentions(backups(settings_of({})).what, "nothing"));
    CHECK(mentions(backups(app({{"REDIS_URL", "redis://h"}})).what, "Redis' data"));
    const auto cookie = backups(app({{"SESSION_STORE", "cookie"}, {"SESSION_KEYS", key()}}));
    CHECK(mentions(cookie.what, "SESSION_KEYS"));
    CHECK_FALSE(mentions(cookie.what, "Redis"));
}

TEST_CASE("each subject is there once, and good settings have no failure") {
    const auto all = settings_findings(app());
    CHECK(all_well(all));
    std::vector<std::string> checks;
    for (const auto& finding : all) checks.push_back(finding.check);
    std::sort(checks.begin(), checks.end());
    CHECK(std::adjacent_find(checks.begin(), checks.end()) == checks.end());
    CHECK(checks.size() == 11);
}

}  // namespace cadenza::server::doctor
