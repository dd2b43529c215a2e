#pragma once

// An HTTP/1.1 server: accepts, reads, guards, hands requests to one handler, writes answers. One executor
// thread.

#include "server/http/forwarded.hpp"
#include "server/http/guard.hpp"
#include "server/http/limits.hpp"
#include "server/http/listening.hpp"
#include "server/http/message.hpp"
#include "server/http/server_tls.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace cadenza::http {

struct ListenerOptions {
    Limits limits;
    Networks trusted_proxies;  // whose X-Forwarded-* count
    ServerTls* tls{};          // loaded; must outlive the listener. nullptr: plain HTTP
    // The answer to a request that never reached the handler. The request is what is known of it: empty when
    // its head was refused. Default: plain text.
    std::function<Response(const Refusal&, const Request&)> refuse;
    // Called with what a throwing handler threw. Default: nothing is logged.
    std::function<void(std::string_view what)> log_bug;
};

class Connection;

// One of the places an address may take; its end frees it.
class Claim {
public:
    Claim(std::shared_ptr<std::map<std::string, std::size_t>> taken, std::string address);
    Claim(Claim&& other) noexcept = default;
    Claim& operator=(Claim&& other) noexcept {
        std::swap(taken_, other.taken_);
        std::swap(address_, other.address_);
        return *this;
    }
    ~Claim();

private:
    std::shared_ptr<std::map<std::string, std::size_t>> taken_;
    std::string address_;
};

class Listener {
public:
    // `handler` and what it uses must outlive the listener.
    Listener(asio::any_io_executor executor, Handler handler, ListenerOptions options = {});
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // `port` 0 takes a free one. Errors: invalid_value, the detail naming address and port when it is taken.
    Status bind(const std::string& host, std::uint16_t port);
    // Listens on a socket that listen_on() has made. Errors: invalid_value.
    Status adopt(ListeningSocket socket);
    std::uint16_t port() const noexcept { return port_; }

    // Begins to accept; returns at once.
    void start();

    // Takes the connections that wait already, then no more; closes idle connections, lets requests in flight
    // end and those that have sent nothing yet send one, closes the rest after `deadline`.
    asio::awaitable<void> drain(std::chrono::milliseconds deadline);

    std::size_t connections() const noexcept { return connections_.size(); }
    // Of them, those without a request under way.
    std::size_t idle_connections() const noexcept;

private:
    friend class Connection;
    // `alive` by value: the listener may be gone before this begins.
    asio::awaitable<void> accept(std::shared_ptr<bool> alive);
    void admit(asio::ip::tcp::socket socket);
    // nullopt: the address, of IPv6 its /64, has all the places it may have.
    std::optional<Claim> claim(const asio::ip::address& address) const;
    void forget(Connection* connection) { connections_.erase(connection); }

    asio::any_io_executor executor_;
    Handler handler_;
    ListenerOptions options_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_{};
    bool draining_{};
    std::unordered_set<Connection*> connections_;
    std::shared_ptr<std::map<std::string, std::size_t>> per_address_;
    std::shared_ptr<bool>
        alive_;  // false once the listener is gone; connections look before they report back
};

}  // namespace cadenza::http
