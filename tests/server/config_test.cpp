#include "tests/server/config_reading.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::server {

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
