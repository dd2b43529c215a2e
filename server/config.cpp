#include "server/config.hpp"

#include "server/config_admin.hpp"
#include "server/config_edge.hpp"
#include "server/config_gateway.hpp"
#include "server/config_reader.hpp"
#include "server/config_sessions.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cadenza::server {
namespace {

// What the features need: playing here and elsewhere, the library, playlists, home.
constexpr const char* needed_scopes =
    "streaming user-read-email user-read-private user-read-playback-state user-modify-playback-state "
    "user-read-currently-playing user-library-read user-library-modify user-follow-read user-follow-modify "
    "playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public "
    "user-top-read user-read-recently-played";

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
    if (redirect) {
        if (auto problem = redirect_problem(*redirect))
            reader.complain("SPOTIFY_REDIRECT_URI", std::move(*problem));
    }
    config.client_id = id.value_or("");
    config.client_secret = Secret(secret.value_or(""));
    config.redirect_uri = redirect.value_or("");
    config.own_origin = origin_of(config.redirect_uri);
    config.accounts_url = reader.address("SPOTIFY_ACCOUNTS_URL", "https://accounts.spotify.com");
    config.api_url = reader.address("SPOTIFY_API_URL", spotify_api_url);
    config.sdk_url = reader.address("SPOTIFY_SDK_URL", "https://sdk.scdn.co/spotify-player.js");
}

void read_listening(ConfigReader& reader, Config& config) {
    config.host = reader.text_or("HOST", "127.0.0.1");
    if (config.host.starts_with('[') && config.host.ends_with(']'))
        config.host = config.host.substr(1, config.host.size() - 2);
    boost::system::error_code ec;
    boost::asio::ip::make_address(config.host, ec);
    if (ec) {
        reader.complain(
            "HOST",
            "\"" + config.host + "\" is not an address of this machine, such as 127.0.0.1, ::1 or 0.0.0.0");
        config.host = "127.0.0.1";  // so that nothing else is said about it
    }
    config.port = reader.port("PORT", 8000);
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
    if (config.demo && !config.demo_same_origin && config.host == "::1")
        reader.complain(
            "HOST",
            "a content security policy cannot name the emulator at an IPv6 address; 127.0.0.1 would "
            "be right, or DEMO_SAME_ORIGIN=1");
}

void read_origins(ConfigReader& reader, Config& config) {
    config.frontend_url = reader.origin("FRONTEND_URL", config.own_origin);
    config.backend_url = reader.origin("BACKEND_URL", reader.origin("VITE_BACKEND_URL", ""));
    if (config.own_origin.empty() || config.frontend_url.empty()) return;
    constexpr const char* why =
        "are different sites, so browsers would not send the session cookie; put both under one registrable "
        "domain";
    if (!is_same_site(config.frontend_url, config.own_origin))
        reader.complain("FRONTEND_URL", "\"" + config.frontend_url + "\" and this server's \"" +
                                            config.own_origin + "\" " + why);
    else if (!config.backend_url.empty() && !is_same_site(config.frontend_url, config.backend_url))
        reader.complain(
            reader.text("BACKEND_URL") ? "BACKEND_URL" : "VITE_BACKEND_URL",
            "\"" + config.backend_url + "\" and the page's \"" + config.frontend_url + "\" " + why);
}

}  // namespace

std::string Config::redirect_path() const { return path_of(redirect_uri); }

http::SecurityPolicy Config::security_policy() const {
    http::SecurityPolicy policy;
    policy.sdk_origin = origin_of(sdk_url);
    // A library kept from before a restart has its covers at the port the emulator had then.
    if (demo && !demo_same_origin)
        policy.art_origins = {"http://127.0.0.1:*"};
    else if (demo || !api_url.ends_with(".spotify.com/v1"))
        policy.art_origins = {origin_of(api_url)};
    else
        policy.art_origins = {"https://*.scdn.co", "https://*.spotifycdn.com"};
    policy.backend_origin = backend_url;
    if (const auto dsn = sentry::parse_dsn(sentry_dsn_client)) policy.sentry_origin = dsn->origin;
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
    read_listening(reader, config);
    // Set and empty: no site at all.
    config.static_dir = reader.raw("STATIC_DIR").value_or("../site");
    read_spotify(reader, config);
    read_demo(reader, config);
    read_gateway(reader, config);
    if (config.demo) settle_demo(config, config.port, config.emulator_port);
    read_origins(reader, config);
    read_sessions(reader, config);
    read_admin(reader, config);
    config.trusted_types = reader.choice("CSP_TRUSTED_TYPES", {"enforce", "report"}, 0) == 0
                               ? http::TrustedTypes::enforce
                               : http::TrustedTypes::report;
    config.log_level = static_cast<Level>(reader.choice("LOG_LEVEL", {"debug", "info", "warn", "error"}, 1));
    if (reader.text("LOG_FORMAT"))
        config.log_format = static_cast<LogFormat>(reader.choice("LOG_FORMAT", {"json", "text"}, 0));
    config.shutdown_delay = reader.duration("SHUTDOWN_DELAY", std::chrono::seconds(0));
    config.shutdown_deadline = reader.duration("SHUTDOWN_DEADLINE", std::chrono::seconds(20));
    read_edge(reader, config);
    if (!reader.problems().empty()) return reader.problems();
    return config;
}

void settle_demo(Config& config, std::uint16_t port, std::uint16_t emulator_port) {
    const bool follows = config.frontend_url == config.own_origin;
    config.port = port;
    config.emulator_port = emulator_port;
    const std::string host = config.host == "::1" ? "http://[::1]:" : "http://127.0.0.1:";
    config.own_origin = as_browsers_write(host + std::to_string(port));
    if (follows) config.frontend_url = config.own_origin;
    config.redirect_uri = config.own_origin + "/auth/callback";
    const auto base = config.demo_same_origin ? config.own_origin + "/_demo"
                                              : as_browsers_write(host + std::to_string(emulator_port));
    config.accounts_url = base + "/accounts";
    config.api_url = base + "/v1";
    config.sdk_url = base + "/sdk/spotify-player.js";
}

}  // namespace cadenza::server
