#pragma once

// The environment as a checked struct. The names are listed by `cadenza-server --help`.

#include "server/base/log.hpp"
#include "server/base/secret.hpp"
#include "server/http/forwarded.hpp"
#include "server/http/limits.hpp"
#include "server/http/rate_limit.hpp"
#include "server/http/security_headers.hpp"
#include "server/redis/options.hpp"
#include "server/sentry/dsn.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cadenza::server {

// What seals cookies: `id` travels with what it sealed, so that a ring of keys can be rotated.
struct SealingKey {
    std::string id;
    Secret bytes;  // 32
};

enum class SessionStoreKind { memory, redis, cookie };
enum class StoreFallback { none, cookie, memory };
// Where metrics are served.
struct AdminAddress {
    std::string host{"127.0.0.1"};  // without brackets
    std::uint16_t port{9464};
    bool required{};  // asked for, so a taken port is an error

    std::string text() const;  // "127.0.0.1:9464"
};

struct ConfigProblem {
    std::string variable;
    std::string problem;  // what is wrong, and what would be right
    bool operator==(const ConfigProblem&) const = default;
};

struct Config {
    std::string host{"127.0.0.1"};  // without brackets
    std::uint16_t port{8000};
    std::string static_dir;  // empty: API only

    bool demo{};              // no credentials: the emulator stands in for Spotify
    bool demo_same_origin{};  // it is mounted at /_demo/ of this server
    std::uint16_t emulator_port{};

    std::string client_id;
    Secret client_secret;
    std::string redirect_uri;
    std::string scopes;
    std::string accounts_url;
    std::string api_url;
    std::string sdk_url;
    std::int64_t daily_budget{};  // requests to Spotify in 24 hours; 0: not rationed
    std::string state_dir;        // of what must outlive a restart; empty: nothing is kept

    std::string own_origin;    // where browsers reach this server
    std::string frontend_url;  // the origin of the page
    std::string backend_url;   // empty: the page calls its own origin
    std::string sentry_dsn_client;
    std::optional<sentry::Dsn> sentry_dsn;  // where the server reports its own errors
    std::optional<AdminAddress> admin;
    http::TrustedTypes trusted_types{http::TrustedTypes::enforce};

    SessionStoreKind session_store{};
    StoreFallback store_fallback{};       // when Redis is out
    std::optional<redis::Options> redis;  // what REDIS_URL says
    int replicas{1};
    int workers{1};                        // of this replica
    std::vector<SealingKey> session_keys;  // the first seals, all open; empty: made at start
    std::chrono::seconds session_idle{};
    std::chrono::seconds session_absolute{};

    Level log_level{Level::info};
    std::optional<LogFormat> log_format;  // absent: text on a terminal, else JSON
    std::chrono::seconds shutdown_delay{};
    std::chrono::seconds shutdown_deadline{};
    http::Limits limits;
    http::Networks trusted_proxies;            // whose X-Forwarded-* count
    std::string forwarded_allow_ips;           // the same as written
    std::optional<http::RateRule> rate_limit;  // per address and per session; nullopt: off
    std::string tls_cert_file;                 // with tls_key_file: https without a proxy
    std::string tls_key_file;

    // How many share what has to be shared.
    int processes() const { return replicas * workers; }
    bool serves_tls() const { return !tls_cert_file.empty(); }
    bool secure() const { return own_origin.starts_with("https://"); }
    std::string redirect_path() const;
    http::SecurityPolicy security_policy() const;
};

// The value of an environment variable, or nullopt.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
// The process's own.
Environment process_environment();

// All problems at once: nobody should mend one, start again and meet the next. `read_file` reads what
// NAME_FILE names. In demo mode addresses that depend on a port not yet known are filled in by
// settle_demo().
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;
std::variant<Config, std::vector<ConfigProblem>> read_config(const Environment& environment,
                                                             const ReadFile& read_file);
std::optional<std::string> read_whole_file(const std::string& path);

// Fills in what follows from the ports in demo mode.
void settle_demo(Config& config, std::uint16_t port, std::uint16_t emulator_port);

// One line a setting, without secrets, for --print-config.
std::string describe(const Config& config);
// Every variable with its default and meaning, for --help.
std::string variables_help();

}  // namespace cadenza::server
