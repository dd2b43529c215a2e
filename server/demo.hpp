#pragma once

// Demo mode: Spotify in the same process, on a port of its own or below /_demo/ of the server's.

#include "server/config.hpp"
#include "server/emulator/emulator.hpp"
#include "server/http/listener.hpp"
#include "server/spotify/transport.hpp"

#include <optional>

namespace cadenza::server {

namespace asio = boost::asio;

class Demo {
public:
    Demo(const asio::any_io_executor& executor, bool same_origin);

    // Listens on its own port unless it shares the server's. Errors: invalid_value, the detail naming the
    // port.
    Status start(const Config& config);
    std::uint16_t port() const noexcept { return listener_ ? listener_->port() : std::uint16_t{0}; }
    // Once both ports are known.
    void settle(const Config& config);

    bool serves(const http::Request& request) const noexcept;
    asio::awaitable<http::Response> handle(http::Request request) {
        return emulator_.handle(std::move(request));
    }
    // Requests to the emulator below /_demo/ need no socket.
    Transport transport(Transport outside);

private:
    bool same_origin_;
    emulator::Emulator emulator_;
    std::optional<http::Listener> listener_;
};

}  // namespace cadenza::server
