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

const std::string good_keys = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

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
    CHECK(config.daily_budget == 0);
    CHECK_FALSE(config.secure());
}

TEST_CASE("in the demo covers kept from before a restart are where the policy lets them be") {
    const auto config = std::get<Config>(read({}));
    CHECK(config.security_policy().art_origins == std::vector<std::string>{"http://127.0.0.1:*"});
    CHECK(config.security_policy().sdk_origin == "http://127.0.0.1:8001");
    const auto mounted = std::get<Config>(read({{"DEMO_SAME_ORIGIN", "1"}}));
    CHECK(mounted.security_policy().art_origins == std::vector<std::string>{"http://127.0.0.1:8000"});
}

TEST_CASE("with an app of one's own the redirect URI says where the server is") {
    const auto config = std::get<Config>(read(spotify()));
    CHECK_FALSE(config.demo);
    CHECK(config.own_origin == "https://music.example.org");
    CHECK(config.redirect_path() == "/auth/callback");
    CHECK(config.daily_budget == 1'000);
    CHECK(std::get<Config>(read(spotify({{"SPOTIFY_DAILY_BUDGET", "0"}}))).daily_budget == 0);
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

TEST_CASE("where sessions live follows from what there is") {
    const auto store = [](Variables variables) {
        const auto config = std::get<Config>(read(spotify(std::move(variables))));
        return std::pair(config.session_store, config.store_fallback);
    };
    using Kind = SessionStoreKind;
    using Fallback = StoreFallback;
    const std::string url = "redis://user:hush-hush@127.0.0.1";
    CHECK(store({}) == std::pair(Kind::memory, Fallback::memory));
    CHECK(store({{"REDIS_URL", url}}) == std::pair(Kind::redis, Fallback::memory));
    CHECK(store({{"REDIS_URL", url}, {"SESSION_STORE", "memory"}}).first == Kind::memory);
    CHECK(store({{"REDIS_URL", url}, {"REPLICAS", "3"}, {"SESSION_KEYS", good_keys}}) ==
          std::pair(Kind::redis, Fallback::none));
    CHECK(store({{"REDIS_URL", url},
                 {"REPLICAS", "3"},
                 {"STORE_FALLBACK", "cookie"},
                 {"SESSION_KEYS", good_keys}}) == std::pair(Kind::redis, Fallback::cookie));
    CHECK(store({{"SESSION_STORE", "cookie"}, {"REPLICAS", "3"}, {"SESSION_KEYS", good_keys}}).first ==
          Kind::cookie);
    const auto shown = describe(std::get<Config>(read({{"REDIS_URL", url}})));
    CHECK(shown.find("hush-hush") == std::string::npos);
    CHECK(shown.find("SESSION_STORE=redis\nSTORE_FALLBACK=memory\nREDIS_URL=(set)") != std::string::npos);
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

TEST_CASE("the edge begins careful: a rate, no proxy, no TLS, one process") {
    auto config = std::get<Config>(read({}));
    CHECK(config.rate_limit == http::parse_rate("60/s"));
    CHECK(config.trusted_proxies.empty());
    CHECK_FALSE(config.serves_tls());
    CHECK(config.workers == 1);
    CHECK(config.limits.backlog == 1'024);
    CHECK(config.limits.body_rate == 1'024);
    config = std::get<Config>(read(spotify({{"WORKERS", "1"},
                                            {"RATE_LIMIT", "off"},
                                            {"FORWARDED_ALLOW_IPS", "10.0.0.0/8, ::1 fd00::/8"},
                                            {"TLS_CERT_FILE", "/cert.pem"},
                                            {"TLS_KEY_FILE", "/key.pem"},
                                            {"LIMIT_CHUNK_OVERHEAD", "100"},
                                            {"TIMEOUT_LINGER", "5s"}})));
    CHECK_FALSE(config.rate_limit);
    CHECK(config.trusted_proxies.size() == 3);
    CHECK(config.serves_tls());
    CHECK(config.limits.chunk_overhead == 100);
    CHECK(config.limits.linger == std::chrono::seconds(5));
    CHECK(describe(config).find("RATE_LIMIT=off\n") != std::string::npos);
    CHECK(describe(std::get<Config>(read({{"RATE_LIMIT", "600/m"}}))).find("RATE_LIMIT=600/m\n") !=
          std::string::npos);
    for (const auto* none : {"", "none"})
        CHECK(std::get<Config>(read({{"FORWARDED_ALLOW_IPS", none}})).trusted_proxies.empty());
    CHECK(complaints(spotify({{"SPOTIFY_REDIRECT_URI", "http://127.0.0.1:8000/cb"},
                              {"TLS_CERT_FILE", "/cert.pem"},
                              {"TLS_KEY_FILE", "/key.pem"}})) ==
          std::vector<std::string>{"SPOTIFY_REDIRECT_URI"});
}

TEST_CASE("what must outlive a restart is where the system keeps such things, for the real Spotify") {
    const auto folder = [](Variables variables) {
        return std::get<Config>(read(spotify(std::move(variables)))).state_dir;
    };
    CHECK(folder({}).empty());
    CHECK(folder({{"HOME", "/home/anna"}}) == "/home/anna/.local/state/cadenza");
    CHECK(folder({{"HOME", "/home/anna"}, {"XDG_STATE_HOME", "/states"}}) == "/states/cadenza");
    CHECK(folder({{"HOME", "/home/anna"}, {"XDG_STATE_HOME", "here"}}) == "/home/anna/.local/state/cadenza");
    CHECK(folder({{"HOME", "home"}}).empty());
    const std::pair<std::string, std::string> systemd{"STATE_DIRECTORY", "/var/lib/cadenza:/var/lib/more"};
    CHECK(folder({{"HOME", "/home/anna"}, systemd}) == "/var/lib/cadenza");
    CHECK(folder({{"STATE_DIR", "/here"}, systemd}) == "/here");
    CHECK(folder({{"STATE_DIR", ""}, systemd}).empty());
    // An emulator's have no business at home.
    const std::pair<std::string, std::string> emulator{"SPOTIFY_API_URL", "http://127.0.0.1:9/v1"};
    CHECK(folder({{"HOME", "/home/anna"}, emulator}).empty());
    CHECK(folder({{"STATE_DIR", "/here"}, emulator}) == "/here");
    CHECK(folder({systemd, emulator}) == "/var/lib/cadenza");
    CHECK(
        std::get<Config>(read({{"STATE_DIR", "/here"}, systemd, {"HOME", "/home/anna"}})).state_dir.empty());
    CHECK(complaints(spotify({{"STATE_DIR", "here"}})) == std::vector<std::string>{"STATE_DIR"});
    const auto config = std::get<Config>(read(spotify({{"STATE_DIR", "/here"}})));
    CHECK(describe(config).find("\nSTATE_DIR=/here\n") != std::string::npos);
}

}  // namespace cadenza::server
