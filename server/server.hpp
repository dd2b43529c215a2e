#pragma once

// The running server: its services wired together, listening until it is told to stop.

#include "server/admin.hpp"
#include "server/app.hpp"
#include "server/demo.hpp"
#include "server/http/listener.hpp"
#include "server/sentry/reporter.hpp"
#include "server/session/measured_session_store.hpp"
#include "server/stores.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace cadenza::server {

class Server {
public:
    // `lost_lines` is how many the log has lost so far.
    Server(
        asio::io_context& context, Config config, Log log,
        std::function<std::uint64_t()> lost_lines = [] { return 0; });
    ~Server();

    // On a socket of its own, or on one it was handed. Errors: not_found (no built site), invalid_value (a
    // taken port, a certificate that is no good, named).
    Status start(std::optional<http::ListeningSocket> socket = {});
    const std::string& url() const noexcept { return config_.own_origin; }

    // Everything measured so far.
    MetricsSnapshot metrics();
    // Where they are served; 0 when they are not.
    std::uint16_t admin_port() const noexcept { return admin_ ? admin_->port() : 0; }

    // Serves until SIGINT or SIGTERM, and stops. A second one ends the process at once. SIGHUP reloads; a
    // terminal that goes away must not end a server.
    void run();
    // Takes SESSION_KEYS and the certificate anew; what is no good is not taken, and the old stays.
    void reload(const Environment& environment, const ReadFile& read_file);
    // As SIGTERM wants it: not ready for SHUTDOWN_DELAY, then requests in flight end, then all is closed.
    asio::awaitable<void> stop();

private:
    Result<std::optional<http::StaticFiles>> load_site() const;
    void connect_redis();
    asio::awaitable<void> reload_on_hangup();
    void reload_keys(const Environment& environment, const ReadFile& read_file);
    void reload_certificate();
    void declare_keys();
    void report_errors();
    Status start_admin();

    asio::io_context& context_;
    Config config_;
    Log log_;
    std::function<std::uint64_t()> lost_lines_;
    ServerMetrics metrics_;
    // From the start on: whoever is told that it runs may stop it at once.
    asio::signal_set signals_;
    asio::signal_set hangups_;
    Clock clock_{system_now};
    asio::ssl::context tls_;
    http::Client client_;
    Transport transport_;
    std::optional<sentry::Reporter> reporter_;
    std::optional<KeyRing> keys_;
    std::unique_ptr<redis::Client> redis_;
    std::optional<Stores> stores_;
    std::optional<MeasuredSessionStore> sessions_;
    std::optional<Demo> demo_;
    std::optional<Services> services_;
    std::optional<App> app_;
    std::optional<http::ServerTls> certificate_;
    std::optional<http::Listener> listener_;
    std::optional<Admin> admin_;
};

}  // namespace cadenza::server
