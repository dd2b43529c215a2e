#include "server/config.hpp"

#include "tests/support/catch.hpp"

#include <map>

namespace cadenza::server {
namespace {

using Variables = std::map<std::string, std::string>;

auto read(const Variables& variables) {
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    const ReadFile files = [](const std::string& path) -> std::optional<std::string> {
        return path == "/secret" ? std::optional<std::string>("from-a-file\n") : std::nullopt;
    };
    return read_config(environment, files);
}

Variables spotify(Variables more = {}) {
    more.insert({{"SPOTIFY_CLIENT_ID", "id"},
                 {"SPOTIFY_CLIENT_SECRET", "hush"},
                 {"SPOTIFY_REDIRECT_URI", "https://music.example.org/auth/callback"}});
    return more;
}

std::vector<std::string> complaints(const Variables& variables) {
    const auto result = read(variables);
    std::vector<std::string> out;
    if (const auto* problems = std::get_if<std::vector<ConfigProblem>>(&result))
        for (const auto& problem : *problems) out.push_back(problem.variable);
    return out;
}

}  // namespace

TEST_CASE("without any variable it is the demo on loopback") {
    const auto config = std::get<Config>(read({}));
    CHECK(config.demo);
    CHECK(config.own_origin == "http://127.0.0.1:8000");
    CHECK(config.frontend_url == config.own_origin);
    CHECK(config.emulator_port == 8001);
    CHECK_FALSE(config.secure());
}

TEST_CASE("with an app of one's own the redirect URI says where the server is") {
    const auto config = std::get<Config>(read(spotify()));
    CHECK_FALSE(config.demo);
    CHECK(config.own_origin == "https://music.example.org");
    CHECK(config.redirect_path() == "/auth/callback");
    CHECK(config.secure());
    CHECK(config.security_policy().art_origins.size() == 2);
}

TEST_CASE("each mistake names its variable") {
    const std::string key(44, 'A');
    const std::vector<std::pair<Variables, std::string>> table{
        {{{"PORT", "eighty"}}, "PORT"},
        {{{"PORT", "70000"}}, "PORT"},
        {{{"HOST", "0.0.0.0"}}, "HOST"},
        {{{"DEMO_SAME_ORIGIN", "yes"}}, "DEMO_SAME_ORIGIN"},
        {spotify({{"DEMO_SAME_ORIGIN", "1"}}), "DEMO_SAME_ORIGIN"},
        {{{"SPOTIFY_API_URL", "https://api.example"}}, "SPOTIFY_API_URL"},
        {{{"SPOTIFY_CLIENT_ID", "id"}, {"SPOTIFY_CLIENT_SECRET", "s"}}, "SPOTIFY_REDIRECT_URI"},
        {spotify({{"FRONTEND_URL", "https://music.example.org/"}}), "FRONTEND_URL"},
        {spotify({{"FRONTEND_URL", "https://elsewhere.example"}}), "FRONTEND_URL"},
        {spotify({{"FRONTEND_URL", "http://music.example.org"}}), "FRONTEND_URL"},
        {spotify({{"FRONTEND_URL", "https://Music.example.org"}}), "FRONTEND_URL"},
        {spotify({{"FRONTEND_URL", "https://music.example.org:443"}}), "FRONTEND_URL"},
        {spotify({{"BACKEND_URL", "https://elsewhere.example"}}), "BACKEND_URL"},
        {spotify({{"VITE_BACKEND_URL", "https://elsewhere.example"}}), "VITE_BACKEND_URL"},
        {spotify({{"BACKEND_URL", "https://music.example.org:443"}}), "BACKEND_URL"},
        {{{"HOST", "::1"}}, "HOST"},
        {{{"HOST", "localhost"}}, "HOST"},
        {{{"SESSION_ABSOLUTE", "185d"}}, "SESSION_ABSOLUTE"},
        {{{"SESSION_IDLE", "0"}}, "SESSION_IDLE"},
        {{{"TIMEOUT_IDLE", "0"}}, "TIMEOUT_IDLE"},
        {{{"TIMEOUT_FIRST_BYTE", "0s"}}, "TIMEOUT_FIRST_BYTE"},
        {{{"TIMEOUT_HEADER", "0"}}, "TIMEOUT_HEADER"},
        {{{"TIMEOUT_BODY", "0"}}, "TIMEOUT_BODY"},
        {{{"TIMEOUT_HANDLER", "0"}}, "TIMEOUT_HANDLER"},
        {{{"TIMEOUT_WRITE", "0"}}, "TIMEOUT_WRITE"},
        {{{"WORKERS", "2"}}, "WORKERS"},
        {{{"REPLICAS", "2"}}, "REPLICAS"},
        {{{"STORE_FALLBACK", "cookie"}}, "STORE_FALLBACK"},
        {{{"SESSION_STORE", "redis"}}, "SESSION_STORE"},
        {{{"SESSION_STORE", "cookie"}}, "SESSION_STORE"},
        {{{"TLS_CERT_FILE", "/cert.pem"}}, "TLS_CERT_FILE"},
        {{{"TLS_KEY_FILE", "/key.pem"}}, "TLS_KEY_FILE"},
        {spotify({{"SPOTIFY_API_URL", "http://api.example.org"}}), "SPOTIFY_API_URL"},
        {{{"SESSION_STORE", "disk"}}, "SESSION_STORE"},
        {{{"REDIS_URL", "redis://127.0.0.1"}}, "REDIS_URL"},
        {{{"SESSION_KEYS", "short:AAAA"}}, "SESSION_KEYS"},
        {{{"SESSION_KEYS", "no-key"}}, "SESSION_KEYS"},
        {{{"SESSION_IDLE", "forever"}}, "SESSION_IDLE"},
        {{{"SESSION_IDLE", "2d"}, {"SESSION_ABSOLUTE", "1d"}}, "SESSION_ABSOLUTE"},
        {{{"LOG_LEVEL", "loud"}}, "LOG_LEVEL"},
        {{{"LIMIT_BODY_BYTES", "0"}}, "LIMIT_BODY_BYTES"},
        {{{"SENTRY_DSN_CLIENT", "here"}}, "SENTRY_DSN_CLIENT"},
        {{{"CSP_TRUSTED_TYPES", "off"}}, "CSP_TRUSTED_TYPES"},
        {{{"SPOTIFY_CLIENT_SECRET_FILE", "/missing"}}, "SPOTIFY_CLIENT_SECRET_FILE"},
    };
    for (const auto& [variables, name] : table) {
        CAPTURE(name);
        CHECK(complaints(variables) == std::vector{name});
    }
}

TEST_CASE("redirect URIs that cannot work are refused with the one that would") {
    for (const auto* uri :
         {"http://localhost:8000/auth/callback", "http://music.example.org/auth/callback",
          "https://a.example/api/x", "https://a.example/settings", "https://a.example/",
          "https://a.example/cb?x=1", "ftp://a.example/cb", "cb", "https://a.example/a%20b",
          "https://a.example//cb", "https://a.example/auth//cb", "https://a.example/a+b",
          "https://A.example/cb", "https://a.example:443/cb", "https://a.example:0444/cb"}) {
        CAPTURE(uri);
        auto variables = spotify();
        variables["SPOTIFY_REDIRECT_URI"] = uri;
        CHECK(complaints(variables) == std::vector<std::string>{"SPOTIFY_REDIRECT_URI"});
    }
    const auto says = [](const Variables& variables, const std::string& right) {
        const auto result = read(variables);
        CAPTURE(right);
        CHECK(std::get<1>(result)[0].problem.find("\"" + right + "\"") != std::string::npos);
    };
    auto variables = spotify();
    variables["SPOTIFY_REDIRECT_URI"] = "http://localhost:8000/auth/callback";
    says(variables, "http://127.0.0.1:8000/auth/callback");
    variables["SPOTIFY_REDIRECT_URI"] = "https://Music.Example:443/cb";
    says(variables, "https://music.example/cb");
    says(spotify({{"FRONTEND_URL", "https://MUSIC.example.org:0443"}}), "https://music.example.org");
    says(spotify({{"FRONTEND_URL", "https://app.example.org:08443"}}), "https://app.example.org:8443");
}

TEST_CASE("addresses are different sites unless they are the same one") {
    auto variables = spotify({{"FRONTEND_URL", "https://203.0.0.1"}});
    variables["SPOTIFY_REDIRECT_URI"] = "https://198.51.0.1/auth/callback";
    CHECK(complaints(variables) == std::vector<std::string>{"FRONTEND_URL"});
    variables["SPOTIFY_REDIRECT_URI"] = "https://203.0.0.1:8443/auth/callback";
    CHECK(complaints(variables).empty());
    variables["SPOTIFY_REDIRECT_URI"] = "http://[::1]:8000/auth/callback";
    variables["FRONTEND_URL"] = "http://127.0.0.1:8000";
    CHECK(complaints(variables) == std::vector<std::string>{"FRONTEND_URL"});
    // Two customers of one host are two sites.
    variables["SPOTIFY_REDIRECT_URI"] = "https://one.github.io/auth/callback";
    variables["FRONTEND_URL"] = "https://two.github.io";
    CHECK(complaints(variables) == std::vector<std::string>{"FRONTEND_URL"});
}

TEST_CASE("what this version lacks may be asked for when that changes nothing") {
    CHECK(complaints({{"WORKERS", "1"},
                      {"REPLICAS", "1"},
                      {"RATE_LIMIT", "off"},
                      {"REDIS_URL", ""},
                      {"STORE_FALLBACK", "memory"},
                      {"SESSION_STORE", "memory"},
                      {"FORWARDED_ALLOW_IPS", ""},
                      {"TLS_CERT_FILE", ""},
                      {"TLS_KEY_FILE", ""}})
              .empty());
    CHECK(complaints({{"STORE_FALLBACK", "none"}, {"SESSION_STORE", "auto"}, {"FORWARDED_ALLOW_IPS", "none"}})
              .empty());
}

TEST_CASE("the demo says the address it listens on") {
    const Variables loopback6{{"HOST", "[::1]"}, {"DEMO_SAME_ORIGIN", "1"}};
    auto config = std::get<Config>(read(loopback6));
    CHECK(config.host == "::1");
    CHECK(config.own_origin == "http://[::1]:8000");
    CHECK(config.redirect_uri == "http://[::1]:8000/auth/callback");
    CHECK(config.api_url == "http://[::1]:8000/_demo/v1");
    config = std::get<Config>(read({{"HOST", "0.0.0.0"}, {"DEMO_SAME_ORIGIN", "1"}}));
    CHECK(config.own_origin == "http://127.0.0.1:8000");
}

TEST_CASE("limits begin where a household stays below and an attacker does not") {
    const auto config = std::get<Config>(read({}));
    CHECK(config.limits.connections_per_address == 100);
    CHECK(config.limits.first_byte == std::chrono::seconds(10));
    CHECK(config.limits.handler == std::chrono::seconds(30));
    CHECK(config.session_absolute == std::chrono::hours(24 * 180));
}

TEST_CASE("all problems come at once") {
    CHECK(complaints({{"PORT", "x"}, {"LOG_LEVEL", "x"}, {"SESSION_IDLE", "x"}}).size() == 3);
}

TEST_CASE("secrets come from files too and are never shown") {
    const std::string bytes = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    auto variables = spotify({{"SESSION_KEYS", "k1:" + bytes}});
    variables.erase("SPOTIFY_CLIENT_SECRET");
    variables["SPOTIFY_CLIENT_SECRET_FILE"] = "/secret";
    const auto config = std::get<Config>(read(variables));
    CHECK(config.client_secret.reveal() == "from-a-file");
    const auto shown = describe(config);
    CHECK(shown.find("from-a-file") == std::string::npos);
    CHECK(shown.find("AAAA") == std::string::npos);
    CHECK(shown.find("k1:(set)") != std::string::npos);
    // Nor in a complaint about them.
    const auto bad = read({{"SESSION_KEYS", "k1:c2VjcmV0c2VjcmV0"}});
    CHECK(std::get<1>(bad)[0].problem.find("c2VjcmV0") == std::string::npos);
}

TEST_CASE("durations and sub-domains are understood") {
    const auto config = std::get<Config>(read(spotify({{"SESSION_IDLE", "36h"},
                                                       {"FRONTEND_URL", "https://app.example.org"},
                                                       {"TIMEOUT_IDLE", "5"},
                                                       {"BACKEND_URL", "https://music.example.org"}})));
    CHECK(config.session_idle == std::chrono::hours(36));
    CHECK(config.limits.idle == std::chrono::seconds(5));
    CHECK(config.frontend_url == "https://app.example.org");
}

TEST_CASE("what this version does without is named, and does not keep it from starting") {
    const auto config =
        std::get<Config>(read({{"RATE_LIMIT", "60/s"}, {"FORWARDED_ALLOW_IPS", "10.0.0.0/8"}}));
    std::vector<std::string> names;
    for (const auto& [name, problem] : config.without_effect) names.push_back(name);
    CHECK(names == std::vector<std::string>{"RATE_LIMIT", "FORWARDED_ALLOW_IPS"});
    CHECK(std::get<Config>(read({})).without_effect.empty());
}

}  // namespace cadenza::server
