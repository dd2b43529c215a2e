// Settings that cannot work, and how it is said.

#include "tests/server/config_reading.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::server {

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
        {spotify({{"SPOTIFY_DAILY_BUDGET", "-1"}}), "SPOTIFY_DAILY_BUDGET"},
        {{{"SPOTIFY_DAILY_BUDGET", "many"}}, "SPOTIFY_DAILY_BUDGET"},
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
        {{{"WORKERS", "0"}}, "WORKERS"},
        {spotify({{"WORKERS", "2"}, {"SESSION_KEYS", good_keys}}), "WORKERS"},
        {spotify({{"WORKERS", "2"}, {"SESSION_STORE", "memory"}, {"SESSION_KEYS", good_keys}}),
         "SESSION_STORE"},
        {{{"FORWARDED_ALLOW_IPS", "*"}}, "FORWARDED_ALLOW_IPS"},
        {{{"FORWARDED_ALLOW_IPS", "10.0.0.0/8, proxy"}}, "FORWARDED_ALLOW_IPS"},
        {{{"FORWARDED_ALLOW_IPS", "10.0.0.1/8"}}, "FORWARDED_ALLOW_IPS"},
        {{{"FORWARDED_ALLOW_IPS", "0.0.0.0/0"}}, "FORWARDED_ALLOW_IPS"},
        {{{"RATE_LIMIT", "60"}}, "RATE_LIMIT"},
        {{{"RATE_LIMIT", "0/s"}}, "RATE_LIMIT"},
        {spotify({{"TLS_CERT_FILE", "/cert.pem"}}), "TLS_KEY_FILE"},
        {spotify({{"TLS_KEY_FILE", "/key.pem"}}), "TLS_CERT_FILE"},
        {{{"TLS_CERT_FILE", "/cert.pem"}, {"TLS_KEY_FILE", "/key.pem"}}, "TLS_CERT_FILE"},
        {{{"LIMIT_BACKLOG", "0"}}, "LIMIT_BACKLOG"},
        {{{"LIMIT_BODY_RATE", "0"}}, "LIMIT_BODY_RATE"},
        {{{"TIMEOUT_BODY_GRACE", "0"}}, "TIMEOUT_BODY_GRACE"},
        {{{"REPLICAS", "2"}}, "REPLICAS"},
        {{{"STORE_FALLBACK", "cookie"}}, "STORE_FALLBACK"},
        {{{"SESSION_STORE", "redis"}}, "REDIS_URL"},
        {{{"SESSION_STORE", "cookie"}}, "SESSION_KEYS"},
        {{{"REPLICAS", "0"}}, "REPLICAS"},
        {spotify({{"REPLICAS", "2"}, {"SESSION_KEYS", good_keys}}), "REPLICAS"},
        {spotify({{"REPLICAS", "2"}, {"SESSION_STORE", "memory"}, {"SESSION_KEYS", good_keys}}),
         "SESSION_STORE"},
        {spotify({{"REPLICAS", "2"}, {"REDIS_URL", "redis://127.0.0.1"}}), "SESSION_KEYS"},
        {spotify({{"REPLICAS", "2"},
                  {"REDIS_URL", "redis://127.0.0.1"},
                  {"STORE_FALLBACK", "memory"},
                  {"SESSION_KEYS", good_keys}}),
         "STORE_FALLBACK"},
        {{{"REDIS_URL", "redis://127.0.0.1"}, {"STORE_FALLBACK", "cookie"}}, "SESSION_KEYS"},
        {{{"STORE_FALLBACK", "disk"}}, "STORE_FALLBACK"},
        {spotify({{"SPOTIFY_API_URL", "http://api.example.org"}}), "SPOTIFY_API_URL"},
        {{{"SESSION_STORE", "disk"}}, "SESSION_STORE"},
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

TEST_CASE("all problems come at once") {
    CHECK(complaints({{"PORT", "x"}, {"LOG_LEVEL", "x"}, {"SESSION_IDLE", "x"}}).size() == 3);
}

}  // namespace cadenza::server
