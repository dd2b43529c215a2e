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
    for (const auto* uri : {"http://localhost:8000/auth/callback", "http://music.example.org/auth/callback",
                            "https://a.example/api/x", "https://a.example/settings", "https://a.example/",
                            "https://a.example/cb?x=1", "ftp://a.example/cb", "cb"}) {
        CAPTURE(uri);
        CHECK(complaints(spotify({{"SPOTIFY_REDIRECT_URI", "x"}})) ==
              std::vector<std::string>{"SPOTIFY_REDIRECT_URI"});
        auto variables = spotify();
        variables["SPOTIFY_REDIRECT_URI"] = uri;
        CHECK(complaints(variables) == std::vector<std::string>{"SPOTIFY_REDIRECT_URI"});
    }
    auto variables = spotify();
    variables["SPOTIFY_REDIRECT_URI"] = "http://localhost:8000/auth/callback";
    const auto result = read(variables);
    CHECK(std::get<1>(result)[0].problem.find("http://127.0.0.1:8000/auth/callback") != std::string::npos);
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

}  // namespace cadenza::server
