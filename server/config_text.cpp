// What the configuration looks like to an operator.
#include "server/config.hpp"

namespace cadenza::server {
namespace {

std::string line(std::string_view name, const std::string& value) {
    return std::string(name) + "=" + value + "\n";
}

std::string seconds(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + "s";
}

std::string hidden(bool set) { return set ? "(set)" : ""; }

}  // namespace

std::string describe(const Config& config) {
    constexpr const char* levels[] = {"debug", "info", "warn", "error"};
    const auto& limits = config.limits;
    std::string keys;
    for (const auto& key : config.session_keys) keys += (keys.empty() ? "" : ",") + key.id + ":(set)";
    return line("MODE", config.demo ? "demo" : "spotify") + line("HOST", config.host) +
           line("PORT", std::to_string(config.port)) +
           (config.demo ? line("EMULATOR_PORT", std::to_string(config.emulator_port)) +
                              line("DEMO_SAME_ORIGIN", config.demo_same_origin ? "1" : "0")
                        : "") +
           line("SPOTIFY_CLIENT_ID", config.client_id) +
           line("SPOTIFY_CLIENT_SECRET", hidden(!config.client_secret.empty())) +
           line("SPOTIFY_REDIRECT_URI", config.redirect_uri) + line("SPOTIFY_SCOPES", config.scopes) +
           line("SPOTIFY_ACCOUNTS_URL", config.accounts_url) + line("SPOTIFY_API_URL", config.api_url) +
           line("SPOTIFY_SDK_URL", config.sdk_url) + line("FRONTEND_URL", config.frontend_url) +
           line("BACKEND_URL", config.backend_url) + line("STATIC_DIR", config.static_dir) +
           line("SESSION_STORE", "memory") + line("SESSION_KEYS", keys) +
           line("SESSION_IDLE", seconds(config.session_idle)) +
           line("SESSION_ABSOLUTE", seconds(config.session_absolute)) +
           line("ADMIN_ADDR", config.admin ? config.admin->text() : "") +
           line("SENTRY_DSN", hidden(config.sentry_dsn.has_value())) +
           line("SENTRY_DSN_CLIENT", hidden(!config.sentry_dsn_client.empty())) +
           line("CSP_TRUSTED_TYPES",
                config.trusted_types == http::TrustedTypes::enforce ? "enforce" : "report") +
           line("LOG_LEVEL", levels[static_cast<int>(config.log_level)]) +
           line("SHUTDOWN_DELAY", seconds(config.shutdown_delay)) +
           line("SHUTDOWN_DEADLINE", seconds(config.shutdown_deadline)) +
           line("LIMIT_HEADER_BYTES", std::to_string(limits.header_bytes)) +
           line("LIMIT_BODY_BYTES", std::to_string(limits.body_bytes)) +
           line("LIMIT_CONNECTIONS", std::to_string(limits.connections)) +
           line("LIMIT_CONNECTIONS_PER_ADDRESS", std::to_string(limits.connections_per_address)) +
           line("TIMEOUT_FIRST_BYTE", seconds(limits.first_byte)) +
           line("TIMEOUT_IDLE", seconds(limits.idle)) + line("TIMEOUT_HEADER", seconds(limits.header)) +
           line("TIMEOUT_BODY", seconds(limits.body)) + line("TIMEOUT_HANDLER", seconds(limits.handler)) +
           line("TIMEOUT_WRITE", seconds(limits.write));
}

std::string variables_help() {
    return R"(Every secret may also be given as NAME_FILE, a file that holds it.

  HOST, PORT             where to listen (127.0.0.1, 8000; port 0 takes a free one)
  STATIC_DIR             the built client (../site beside the binary; empty: API only)
  SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, SPOTIFY_REDIRECT_URI
                         your app at developer.spotify.com; all absent: demo mode with the emulator
  SPOTIFY_SCOPES         what to ask for (what the features need)
  SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL, SPOTIFY_SDK_URL
                         where Spotify is (https; http on a loopback address)
  EMULATOR_PORT          demo mode: where the emulator listens (PORT + 1)
  DEMO_SAME_ORIGIN       demo mode: 1 mounts the emulator at /_demo/ (0)
  FRONTEND_URL           origin of the client (that of SPOTIFY_REDIRECT_URI)
  BACKEND_URL            origin of this server as the client calls it (the client's own)
  SESSION_STORE          auto or memory, which is the same in this version
  SESSION_KEYS           kid:base64,… 32 bytes each; the first seals, all open (made at start)
  SESSION_IDLE, SESSION_ABSOLUTE
                         how long a session lives unused, and at most (14d, 180d; not above 184d)
  CSP_TRUSTED_TYPES      enforce or report (enforce)
  ADMIN_ADDR             where /metrics is served (127.0.0.1:9464; empty: nowhere)
  SENTRY_DSN, SENTRY_DSN_CLIENT
                         where the server and the client report errors (nowhere)
  LOG_LEVEL, LOG_FORMAT  debug, info, warn, error (info); json, text (text on a terminal)
  SHUTDOWN_DELAY, SHUTDOWN_DEADLINE
                         after SIGTERM: not ready but serving (0s), then finishing requests (20s)
  LIMIT_HEADER_BYTES (16384), LIMIT_HEADER_FIELDS (100), LIMIT_TARGET_BYTES (8192), LIMIT_BODY_BYTES (1048576),
  LIMIT_CONNECTIONS (10000), LIMIT_CONNECTIONS_PER_ADDRESS (100), LIMIT_REQUESTS_PER_CONNECTION (1000)
  TIMEOUT_FIRST_BYTE (10s), TIMEOUT_IDLE (60s), TIMEOUT_HEADER (10s), TIMEOUT_BODY (30s), TIMEOUT_HANDLER (30s),
  TIMEOUT_WRITE (30s)

This version has one process, keeps sessions in memory, does not limit rates and serves http. It refuses to start
when one of these asks for more: WORKERS, REPLICAS, REDIS_URL, STORE_FALLBACK, TLS_CERT_FILE, TLS_KEY_FILE; and it does
without RATE_LIMIT, FORWARDED_ALLOW_IPS, with a warning.
)";
}

}  // namespace cadenza::server
