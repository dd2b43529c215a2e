// What the configuration looks like to an operator.
#include "server/config.hpp"
#include "server/config_edge.hpp"
#include "server/config_sessions.hpp"

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
           line("SPOTIFY_SDK_URL", config.sdk_url) +
           line("SPOTIFY_DAILY_BUDGET", std::to_string(config.daily_budget)) +
           line("STATE_DIR", config.state_dir) + line("FRONTEND_URL", config.frontend_url) +
           line("BACKEND_URL", config.backend_url) + line("STATIC_DIR", config.static_dir) +
           line("SESSION_STORE", name(config.session_store)) +
           line("STORE_FALLBACK", name(config.store_fallback)) +
           line("REDIS_URL", hidden(config.redis.has_value())) +
           line("REPLICAS", std::to_string(config.replicas)) +
           line("WORKERS", std::to_string(config.workers)) + line("SESSION_KEYS", keys) +
           line("SESSION_IDLE", seconds(config.session_idle)) +
           line("SESSION_ABSOLUTE", seconds(config.session_absolute)) +
           line("ADMIN_ADDR", config.admin ? config.admin->text() : "") +
           line("SENTRY_DSN", hidden(config.sentry_dsn.has_value())) +
           line("SENTRY_DSN_CLIENT", hidden(!config.sentry_dsn_client.empty())) +
           line("CSP_TRUSTED_TYPES",
                config.trusted_types == http::TrustedTypes::enforce ? "enforce" : "report") +
           line("LOG_LEVEL", levels[static_cast<int>(config.log_level)]) +
           line("SHUTDOWN_DELAY", seconds(config.shutdown_delay)) +
           line("SHUTDOWN_DEADLINE", seconds(config.shutdown_deadline)) + describe_edge(config);
}

std::string variables_help() {
    return std::string(R"(Every secret may also be given as NAME_FILE, a file that holds it.

  HOST, PORT             where to listen (127.0.0.1, 8000; port 0 takes a free one)
  STATIC_DIR             the built client (../site beside the binary; empty: API only)
  SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, SPOTIFY_REDIRECT_URI
                         your app at developer.spotify.com; all absent: demo mode with the emulator
  SPOTIFY_SCOPES         what to ask for (what the features need)
  SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL, SPOTIFY_SDK_URL
                         where Spotify is (https; http on a loopback address)
  SPOTIFY_DAILY_BUDGET   requests to Spotify in any 24 hours: looking ahead stops at 80 %, updates at 90 %,
                         what people ask for never (1000; 0 does not ration, as in demo mode)
  STATE_DIR              folder that keeps over a restart, where there is no Redis, how long Spotify wants no
                         requests (STATE_DIRECTORY of systemd; else below XDG_STATE_HOME or ~/.local/state;
                         empty: nothing is kept, as in demo mode and with another SPOTIFY_API_URL)
  EMULATOR_PORT          demo mode: where the emulator listens (PORT + 1)
  DEMO_SAME_ORIGIN       demo mode: 1 mounts the emulator at /_demo/ (0)
  FRONTEND_URL           origin of the client (that of SPOTIFY_REDIRECT_URI)
  BACKEND_URL            origin of this server as the client calls it (the client's own)
  SESSION_STORE          auto, memory, redis, cookie (auto: redis with a REDIS_URL, else memory)
  STORE_FALLBACK         when Redis is out: none, cookie, memory (memory; with more than one process none)
  REDIS_URL              redis://, rediss://, redis+sentinel://, redis+cluster://, unix:// (none)
  REPLICAS               how many of this server there are (1)
  WORKERS                processes of this server on the one port (1); each counts as a replica
  SESSION_KEYS           kid:base64,… 32 bytes each; the first seals, all open; read again on SIGHUP (made at
                         start; required for sessions in cookies and for more than one process)
  SESSION_IDLE, SESSION_ABSOLUTE
                         how long a session lives unused, and at most (14d, 180d; not above 184d)
  CSP_TRUSTED_TYPES      enforce or report (enforce)
  ADMIN_ADDR             where /metrics is served (127.0.0.1:9464; empty: nowhere)
  SENTRY_DSN, SENTRY_DSN_CLIENT
                         where the server and the client report errors (nowhere)
  LOG_LEVEL, LOG_FORMAT  debug, info, warn, error (info); json, text (text on a terminal)
  SHUTDOWN_DELAY, SHUTDOWN_DEADLINE
                         after SIGTERM: not ready but serving (0s), then finishing requests (20s)
)") + edge_help();
}

}  // namespace cadenza::server
