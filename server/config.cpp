#include "server/config.hpp"

#include "server/base/base64url.hpp"
#include "server/config_reader.hpp"
#include "shared/api/pages.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <libpsl.h>
#include <sstream>

namespace cadenza::server {
namespace {

// What the features need: playing here and elsewhere, the library, playlists, home.
constexpr const char* needed_scopes =
    "streaming user-read-email user-read-private user-read-playback-state user-modify-playback-state "
    "user-read-currently-playing user-library-read user-library-modify user-follow-read user-follow-modify "
    "playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public "
    "user-top-read user-read-recently-played";

constexpr auto day = std::chrono::hours(24);

std::string registrable_domain(const std::string& host) {
    const auto* list = psl_builtin();
    const char* domain = list ? psl_registrable_domain(list, host.c_str()) : nullptr;
    return domain ? domain : host;
}

// Same site: scheme and registrable domain alike. Browsers send SameSite cookies only then.
bool is_same_site(const std::string& a, const std::string& b) {
    return a.substr(0, a.find(':')) == b.substr(0, b.find(':')) &&
           registrable_domain(host_of(a)) == registrable_domain(host_of(b));
}

std::string path_of(const std::string& address) {
    const auto begin = address.find('/', address.find("//") + 2);
    return begin == address.npos ? "/" : address.substr(begin, address.find_first_of("?#", begin) - begin);
}

void check_redirect_uri(ConfigReader& reader, const std::string& uri) {
    const std::string name = "SPOTIFY_REDIRECT_URI";
    const auto host = host_of(uri);
    const bool http = uri.starts_with("http://");
    if (host == "localhost") {
        auto right = uri;
        right.replace(right.find("localhost"), 9, "127.0.0.1");
        reader.complain(name, "Spotify refuses localhost; \"" + right + "\" would be right, there and here");
        return;
    }
    if (origin_of(uri).empty() || uri.find_first_of("?#") != uri.npos || (http && !is_loopback(host))) {
        reader.complain(name,
                        "\"" + uri +
                            "\" will not do: https://host/path expected, or http with a loopback address, "
                            "such as http://127.0.0.1:8000/auth/callback");
        return;
    }
    const auto path = path_of(uri);
    constexpr std::array reserved{"/api",    "/auth/login", "/auth/logout", "/auth/disconnect",
                                  "/assets", "/_demo",      "/livez",       "/readyz",
                                  "/icons"};
    const bool taken = std::any_of(reserved.begin(), reserved.end(), [&](const std::string& taken_path) {
        return path == taken_path || path.starts_with(taken_path + "/");
    });
    if (taken || is_page(path) || path.find('.') != path.npos)
        reader.complain(name,
                        "the path \"" + path + "\" is one of the app's own; /auth/callback would be right");
}

void read_spotify(ConfigReader& reader, Config& config) {
    const auto id = reader.text("SPOTIFY_CLIENT_ID");
    const auto secret = reader.text("SPOTIFY_CLIENT_SECRET");
    const auto redirect = reader.text("SPOTIFY_REDIRECT_URI");
    config.demo = !id && !secret && !redirect;
    config.scopes = reader.text_or("SPOTIFY_SCOPES", needed_scopes);
    if (config.demo) {
        config.client_id = "cadenza-demo";
        config.client_secret = Secret("cadenza-demo-secret");
        for (const char* name : {"SPOTIFY_ACCOUNTS_URL", "SPOTIFY_API_URL", "SPOTIFY_SDK_URL"})
            if (reader.text(name))
                reader.complain(name, "makes no sense in demo mode, which has an emulator of its own");
        return;
    }
    const std::string all =
        "is missing: SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET and SPOTIFY_REDIRECT_URI go together "
        "(none of them: demo mode)";
    if (!id) reader.complain("SPOTIFY_CLIENT_ID", all);
    if (!secret) reader.complain("SPOTIFY_CLIENT_SECRET", all);
    if (!redirect) reader.complain("SPOTIFY_REDIRECT_URI", all);
    if (redirect) check_redirect_uri(reader, *redirect);
    config.client_id = id.value_or("");
    config.client_secret = Secret(secret.value_or(""));
    config.redirect_uri = redirect.value_or("");
    config.own_origin = origin_of(config.redirect_uri);
    config.accounts_url = reader.address("SPOTIFY_ACCOUNTS_URL", "https://accounts.spotify.com");
    config.api_url = reader.address("SPOTIFY_API_URL", "https://api.spotify.com/v1");
    config.sdk_url = reader.address("SPOTIFY_SDK_URL", "https://sdk.scdn.co/spotify-player.js");
}

void read_demo(ConfigReader& reader, Config& config) {
    config.demo_same_origin = reader.flag("DEMO_SAME_ORIGIN");
    const auto next = config.port == 0 ? 0 : config.port + 1;
    config.emulator_port = reader.port("EMULATOR_PORT", static_cast<std::uint16_t>(next));
    if (!config.demo && config.demo_same_origin)
        reader.complain("DEMO_SAME_ORIGIN", "is for demo mode only, and SPOTIFY_CLIENT_ID is set");
    if (config.demo && !config.demo_same_origin && !is_loopback(config.host))
        reader.complain("HOST",
                        "demo mode listens on a loopback address only; with DEMO_SAME_ORIGIN=1 on any");
}

void read_origins(ConfigReader& reader, Config& config) {
    config.frontend_url = reader.origin("FRONTEND_URL", config.own_origin);
    config.backend_url = reader.origin("BACKEND_URL", reader.origin("VITE_BACKEND_URL", ""));
    if (config.own_origin.empty() || config.frontend_url.empty()) return;
    if (!is_same_site(config.frontend_url, config.own_origin))
        reader.complain("FRONTEND_URL", "\"" + config.frontend_url + "\" and this server's \"" +
                                            config.own_origin +
                                            "\" are different sites, so browsers would not send the session "
                                            "cookie; put both under one registrable domain");
}

void read_keys(ConfigReader& reader, Config& config) {
    const auto ring = reader.text("SESSION_KEYS");
    if (!ring) return;
    std::stringstream entries(*ring);
    for (std::string entry; std::getline(entries, entry, ',');) {
        const auto colon = entry.find(':');
        const auto id = entry.substr(0, colon);
        const auto bytes = colon == entry.npos ? std::nullopt : from_base64(entry.substr(colon + 1));
        const bool plain =
            !id.empty() && id.size() <= 16 &&
            std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
        // The key itself must not end up in a message.
        if (!plain) {
            reader.complain("SESSION_KEYS",
                            "an entry has no id; kid:base64,… expected, the id 1 to 16 letters or digits");
        } else if (!bytes || bytes->size() < 32) {
            reader.complain(
                "SESSION_KEYS",
                "the key \"" + id + "\" is not 32 bytes in base64; openssl rand -base64 32 makes one");
        } else if (std::any_of(config.session_keys.begin(), config.session_keys.end(),
                               [&](const SealingKey& key) { return key.id == id; })) {
            reader.complain("SESSION_KEYS", "the id \"" + id + "\" is there twice");
        } else {
            config.session_keys.push_back({id, Secret(bytes->substr(0, 32))});
        }
    }
}

void read_sessions(ConfigReader& reader, Config& config) {
    reader.choice("SESSION_STORE", {"auto", "memory"}, 0);
    if (reader.text("REDIS_URL"))
        reader.complain("REDIS_URL", "this version keeps sessions in memory only; leave it unset");
    read_keys(reader, config);
    config.session_idle = reader.duration("SESSION_IDLE", 14 * day);
    config.session_absolute = reader.duration("SESSION_ABSOLUTE", 180 * day);
    if (config.session_idle.count() == 0) reader.complain("SESSION_IDLE", "must be longer than nothing");
    if (config.session_absolute < config.session_idle)
        reader.complain("SESSION_ABSOLUTE", "is shorter than SESSION_IDLE");
}

std::chrono::milliseconds milliseconds(ConfigReader& reader, const std::string& name,
                                       std::chrono::milliseconds fallback) {
    return reader.duration(name, std::chrono::duration_cast<std::chrono::seconds>(fallback));
}

void read_limits(ConfigReader& reader, http::Limits& limits) {
    const auto size = [&](const std::string& name, std::size_t fallback, std::int64_t most) {
        return static_cast<std::size_t>(reader.number(name, static_cast<std::int64_t>(fallback), 1, most));
    };
    limits.header_bytes = size("LIMIT_HEADER_BYTES", limits.header_bytes, 1 << 20);
    limits.header_fields = size("LIMIT_HEADER_FIELDS", limits.header_fields, 10'000);
    limits.target_bytes = size("LIMIT_TARGET_BYTES", limits.target_bytes, 1 << 20);
    limits.body_bytes = size("LIMIT_BODY_BYTES", limits.body_bytes, 1 << 30);
    limits.connections = size("LIMIT_CONNECTIONS", limits.connections, 1'000'000);
    limits.connections_per_address =
        size("LIMIT_CONNECTIONS_PER_ADDRESS", limits.connections_per_address, 1'000'000);
    limits.requests_per_connection = static_cast<int>(
        reader.number("LIMIT_REQUESTS_PER_CONNECTION", limits.requests_per_connection, 1, 1'000'000));
    limits.idle = milliseconds(reader, "TIMEOUT_IDLE", limits.idle);
    limits.header = milliseconds(reader, "TIMEOUT_HEADER", limits.header);
    limits.body = milliseconds(reader, "TIMEOUT_BODY", limits.body);
    limits.handler = milliseconds(reader, "TIMEOUT_HANDLER", limits.handler);
    limits.write = milliseconds(reader, "TIMEOUT_WRITE", limits.write);
}

}  // namespace

std::string Config::redirect_path() const { return path_of(redirect_uri); }

http::SecurityPolicy Config::security_policy() const {
    http::SecurityPolicy policy;
    policy.sdk_origin = origin_of(sdk_url);
    if (demo || !api_url.ends_with(".spotify.com/v1"))
        policy.art_origins = {origin_of(api_url)};
    else
        policy.art_origins = {"https://*.scdn.co", "https://*.spotifycdn.com"};
    policy.backend_origin = backend_url;
    policy.sentry_origin = sentry_dsn_client.empty()
                               ? ""
                               : "https://" + sentry_dsn_client.substr(sentry_dsn_client.find('@') + 1,
                                                                       sentry_dsn_client.rfind('/') -
                                                                           sentry_dsn_client.find('@') - 1);
    policy.trusted_types = trusted_types;
    policy.secure = secure();
    return policy;
}

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value =
            std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read before any thread
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

std::optional<std::string> read_whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream content;
    content << file.rdbuf();
    return std::move(content).str();
}

std::variant<Config, std::vector<ConfigProblem>> read_config(const Environment& environment,
                                                             const ReadFile& read_file) {
    ConfigReader reader(environment, read_file);
    Config config;
    config.host = reader.text_or("HOST", "127.0.0.1");
    config.port = reader.port("PORT", 8000);
    // Set and empty: no site at all.
    config.static_dir = reader.raw("STATIC_DIR").value_or("../site");
    read_spotify(reader, config);
    read_demo(reader, config);
    if (config.demo) settle_demo(config, config.port, config.emulator_port);
    read_origins(reader, config);
    read_sessions(reader, config);
    config.sentry_dsn_client = reader.text_or("SENTRY_DSN_CLIENT", "");
    if (!config.sentry_dsn_client.empty() && (!config.sentry_dsn_client.starts_with("https://") ||
                                              config.sentry_dsn_client.find('@') == std::string::npos))
        reader.complain("SENTRY_DSN_CLIENT", "is not a DSN: https://key@host/project expected");
    config.trusted_types = reader.choice("CSP_TRUSTED_TYPES", {"enforce", "report"}, 0) == 0
                               ? http::TrustedTypes::enforce
                               : http::TrustedTypes::report;
    config.log_level = static_cast<Level>(reader.choice("LOG_LEVEL", {"debug", "info", "warn", "error"}, 1));
    if (reader.text("LOG_FORMAT"))
        config.log_format = static_cast<LogFormat>(reader.choice("LOG_FORMAT", {"json", "text"}, 0));
    config.shutdown_delay = reader.duration("SHUTDOWN_DELAY", std::chrono::seconds(0));
    config.shutdown_deadline = reader.duration("SHUTDOWN_DEADLINE", std::chrono::seconds(20));
    read_limits(reader, config.limits);
    if (!reader.problems().empty()) return reader.problems();
    return config;
}

void settle_demo(Config& config, std::uint16_t port, std::uint16_t emulator_port) {
    const bool follows = config.frontend_url == config.own_origin;
    config.port = port;
    config.emulator_port = emulator_port;
    config.own_origin = "http://127.0.0.1:" + std::to_string(port);
    if (follows) config.frontend_url = config.own_origin;
    config.redirect_uri = config.own_origin + "/auth/callback";
    const auto base = config.demo_same_origin ? config.own_origin + "/_demo"
                                              : "http://127.0.0.1:" + std::to_string(emulator_port);
    config.accounts_url = base + "/accounts";
    config.api_url = base + "/v1";
    config.sdk_url = base + "/sdk/spotify-player.js";
}

}  // namespace cadenza::server
