#pragma once

// The operator's own address, apart from the public one: GET /metrics.

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics_snapshot.hpp"
#include "server/config.hpp"
#include "server/http/listener.hpp"

#include <functional>
#include <optional>

namespace cadenza::server {

namespace asio = boost::asio;

// Listens there and says so in the log; port 0 becomes the one it was given. nullopt, and a warning: it is
// the usual address, and taken. Errors: invalid_value (an address that was asked for is not to be had),
// naming ADMIN_ADDR.
Result<std::optional<http::ListeningSocket>> listen_for_admin(AdminAddress& address, const Log& log);

class Admin {
public:
    // `metrics` takes a snapshot; it and what it uses must outlive this.
    Admin(asio::any_io_executor executor, std::function<MetricsSnapshot()> metrics);

    // Errors: as Listener::adopt().
    Status start(http::ListeningSocket socket);
    std::uint16_t port() const noexcept { return listener_.port(); }
    // For answers under way.
    asio::awaitable<void> drain() { return listener_.drain(std::chrono::milliseconds(500)); }

private:
    asio::awaitable<http::Response> handle(http::Request request) const;

    std::function<MetricsSnapshot()> metrics_;
    http::Listener listener_;
};

}  // namespace cadenza::server
