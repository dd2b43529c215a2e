#pragma once

// HTTP/1.1 to other servers: keep-alive connections pooled by origin, TLS verified against the system's
// roots, one deadline for a whole exchange. Redirects are answers like any other.

#include "server/http/message.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>

namespace cadenza::http {

struct ClientRequest {
    Method method{Method::get};
    std::string origin;  // "https://api.spotify.com"; http on loopback only
    std::string target;  // "/v1/me?x=1"
    Headers headers;     // Host, Connection and Content-Length are added
    std::string body;
};

struct ClientResponse {
    int status{};
    Headers headers;
    std::string body;
};

class Client {
public:
    struct Options {
        std::size_t idle_per_origin{16};
        std::chrono::seconds idle_time{30};
        std::size_t max_header{32UL * 1024};
        std::size_t max_body{8UL * 1024 * 1024};
        // Trust the system's certificate authorities. They are loaded with the first connection over TLS: all
        // of them take some ten milliseconds and several megabytes.
        bool system_authorities{};
    };

    // `executor` and `tls` must outlive the client.
    Client(asio::any_io_executor executor, asio::ssl::context& tls, Options options);
    Client(asio::any_io_executor executor, asio::ssl::context& tls)
        : Client(std::move(executor), tls, Options{}) {}
    ~Client();

    // Any status from 200 on is a success here. A pooled connection that the peer had closed is replaced; one
    // that closes on a GET or HEAD before anything of an answer came is replaced once; anything else is sent
    // again only if nothing of it went out.
    // Errors: timed_out; upstream_failed (address, TCP, TLS, HTTP syntax, limits); invalid_value for a target
    // or field that would break the request in two.
    asio::awaitable<Result<ClientResponse>> send(ClientRequest request, std::chrono::milliseconds timeout);

private:
    class Channel;
    asio::awaitable<Result<std::unique_ptr<Channel>>> connect(const std::string& origin,
                                                              std::chrono::steady_clock::time_point deadline);
    std::unique_ptr<Channel> take_idle(const std::string& origin);

    asio::any_io_executor executor_;
    asio::ssl::context& tls_;
    Options options_;
    bool authorities_loaded_{};
    std::map<std::string, std::deque<std::unique_ptr<Channel>>> idle_;
};

// Whether an error of send() came before the request could have reached the peer.
bool connect_failed(const Error& error) noexcept;

}  // namespace cadenza::http
