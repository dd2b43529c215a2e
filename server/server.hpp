#pragma once

// The running server: its services wired together, listening until it is told to stop.

#include "server/admin.hpp"
#include "server/app.hpp"
#include "server/demo.hpp"
#include "server/sentry/reporter.hpp"

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

    // Errors: not_found (no built site), invalid_value (a taken port, named).
    Status start();
    const std::string& url() const noexcept { return config_.own_origin; }

    // Everything measured so far.
    MetricsSnapshot metrics();
    // Where they are served; 0 when they are not.
    std::uint16_t admin_port() const noexcept { return admin_ ? admin_->port() : 0; }

    // Serves until SIGINT or SIGTERM, and stops. A second one ends the process at once; SIGHUP means nothing
    // yet, and a terminal that goes away must not end a server.
    void run();
    // As SIGTERM wants it: not ready for SHUTDOWN_DELAY, then requests in flight end, then all is closed.
    asio::awaitable<void> stop();

private:
    Result<std::optional<http::StaticFiles>> load_site() const;
    void report_errors();
    Status start_admin();

    asio::io_context& context_;
    Config config_;
    Log log_;
    std::function<std::uint64_t()> lost_lines_;
    ServerMetrics metrics_;
    // From the start on: whoever is told that it runs may stop it at once.
    asio::signal_set signals_;
    Clock clock_{system_now};
    asio::ssl::context tls_;
    http::Client client_;
    Transport transport_;
    std::optional<sentry::Reporter> reporter_;
    std::unique_ptr<SessionStore> sessions_;
    std::optional<KeyRing> keys_;
    std::optional<Demo> demo_;
    std::optional<Services> services_;
    std::optional<App> app_;
    std::optional<http::Listener> listener_;
    std::optional<Admin> admin_;
};

}  // namespace cadenza::server
