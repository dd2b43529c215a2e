#pragma once

// The operator's own address, apart from the public one: GET /metrics.

#include "server/base/clock.hpp"
#include "server/base/metrics_snapshot.hpp"
#include "server/http/listener.hpp"

#include <functional>
#include <string>

namespace cadenza::server {

namespace asio = boost::asio;

class Admin {
public:
    // `metrics` takes a snapshot; it and what it uses must outlive this.
    Admin(asio::any_io_executor executor, std::function<MetricsSnapshot()> metrics);

    // Port 0 takes a free one. Errors: as Listener::bind().
    Status start(const std::string& host, std::uint16_t port);
    std::uint16_t port() const noexcept { return listener_.port(); }
    // For answers under way.
    asio::awaitable<void> drain() { return listener_.drain(std::chrono::milliseconds(500)); }

private:
    asio::awaitable<http::Response> handle(http::Request request) const;

    std::function<MetricsSnapshot()> metrics_;
    http::Listener listener_;
};

}  // namespace cadenza::server
