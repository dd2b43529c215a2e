#pragma once

// An HTTP/1.1 server: accepts, reads, guards, hands requests to one handler, writes answers. One executor
// thread.

#include "server/http/guard.hpp"
#include "server/http/message.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>

namespace cadenza::http {

// Bounds on what a peer may cost us. Times are absolute: a byte now and then does not extend them.
struct Limits {
    std::size_t header_bytes{16UL * 1024};
    std::size_t header_fields{100};
    std::size_t target_bytes{8UL * 1024};
    std::size_t body_bytes{1024UL * 1024};
    std::size_t connections{10'000};
    std::size_t connections_per_address{100};
    int requests_per_connection{1'000};
    std::chrono::milliseconds first_byte{10'000};  // of a connection
    std::chrono::milliseconds idle{60'000};        // between requests
    std::chrono::milliseconds header{10'000};      // for a whole header block
    std::chrono::milliseconds body{30'000};        // for a whole body
    std::chrono::milliseconds handler{30'000};     // until the answer is there
    std::chrono::milliseconds write{30'000};       // for a whole answer
    std::chrono::milliseconds linger{2'000};       // after the last answer, for the peer to read it and close
};

struct ListenerOptions {
    Limits limits;
    // The answer to a request that never reached the handler. Default: plain text.
    std::function<Response(const Refusal&)> refuse;
    // Called with what a throwing handler threw. Default: nothing is logged.
    std::function<void(std::string_view what)> log_bug;
};

class Connection;

class Listener {
public:
    // `handler` and what it uses must outlive the listener.
    Listener(asio::any_io_executor executor, Handler handler, ListenerOptions options = {});
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // `port` 0 takes a free one. Errors: invalid_value, the detail naming address and port when it is taken.
    Status bind(const std::string& host, std::uint16_t port);
    std::uint16_t port() const noexcept { return port_; }

    // Begins to accept; returns at once.
    void start();

    // Stops accepting, closes idle connections, lets requests in flight end, closes the rest after
    // `deadline`.
    asio::awaitable<void> drain(std::chrono::milliseconds deadline);

    std::size_t connections() const noexcept { return connections_.size(); }
    // Of them, those without a request under way.
    std::size_t idle_connections() const noexcept;

private:
    friend class Connection;
    asio::awaitable<void> accept();
    void forget(Connection* connection, const std::string& address);

    asio::any_io_executor executor_;
    Handler handler_;
    ListenerOptions options_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_{};
    bool draining_{};
    std::unordered_set<Connection*> connections_;
    std::map<std::string, std::size_t> per_address_;
    std::shared_ptr<bool>
        alive_;  // false once the listener is gone; connections look before they report back
};

}  // namespace cadenza::http
