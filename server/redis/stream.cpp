#include "server/redis/stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <vector>

namespace cadenza::redis {
namespace {

using Socket = asio::generic::stream_protocol::socket;
using Endpoint = asio::generic::stream_protocol::endpoint;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

Error failure(std::string_view step, const boost::system::error_code& ec, server::Deadline deadline) {
    const bool late = std::chrono::steady_clock::now() >= deadline;
    return {late ? Errc::timed_out : Errc::storage_failed,
            "redis: " + std::string(step) + ": " + (late ? "timed out" : ec.message())};
}

// The system's resolver cannot be interrupted, so a lookup may outlive whoever waits for it.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

    asio::ip::tcp::resolver resolver;
    asio::steady_timer done;
    boost::system::error_code error{asio::error::timed_out};
    std::vector<Endpoint> endpoints;
};

asio::awaitable<Result<std::vector<Endpoint>>> look_up(Address address, server::Deadline deadline) {
    using Endpoints = std::vector<Endpoint>;
    if (!address.path.empty())
        co_return Endpoints{Endpoint(asio::local::stream_protocol::endpoint(address.path))};
    boost::system::error_code is_name;
    const auto literal = asio::ip::make_address(address.host, is_name);
    if (!is_name) co_return Endpoints{Endpoint(asio::ip::tcp::endpoint(literal, address.port))};

    const auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
    lookup->done.expires_at(deadline);
    lookup->resolver.async_resolve(address.host, std::to_string(address.port),
                                   [lookup](const auto& error, const auto& found) {
                                       lookup->error = error;
                                       for (const auto& entry : found)
                                           lookup->endpoints.emplace_back(entry.endpoint());
                                       lookup->done.cancel();
                                   });
    co_await lookup->done.async_wait(as_result);
    if (lookup->error) co_return failure("resolve", lookup->error, deadline);
    co_return lookup->endpoints;
}

// Notices a peer that is gone without a word: probes when idle, and unacknowledged bytes are waited for no
// longer than that. Linux's own defaults are hours and a quarter of one.
void watch_peer(Socket& socket) {
    const auto set = [&](int level, int name, int value) {
        ::setsockopt(socket.native_handle(), level, name, &value, sizeof(value));
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

// Closes the socket when the deadline passes while it lives.
class Watch {
public:
    Watch(Socket& socket, server::Deadline deadline) : timer_(socket.get_executor(), deadline) {
        timer_.async_wait([&socket, alive = std::weak_ptr<bool>(alive_)](const auto& ec) {
            boost::system::error_code ignored;
            if (!ec && !alive.expired()) socket.close(ignored);
        });
    }

private:
    asio::steady_timer timer_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

Result<asio::ssl::context> tls_context(const TlsFiles& files) {
    asio::ssl::context out(asio::ssl::context::tls_client);
    boost::system::error_code ec;
    const auto fail = [&](const std::string& what) -> Error {
        return {Errc::invalid_value, "redis: tls: " + what + ": " + ec.message()};
    };
    out.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
    if (files.ca.empty())
        out.set_default_verify_paths(ec);
    else
        out.load_verify_file(files.ca, ec);
    if (ec) return fail("authorities " + files.ca);
    if (files.certificate.empty()) return out;
    // OpenSSL would ask on the terminal otherwise.
    out.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return ""; }, ec);
    if (!ec) out.use_certificate_chain_file(files.certificate, ec);
    if (ec) return fail("certificate " + files.certificate);
    out.use_private_key_file(files.key, asio::ssl::context::pem, ec);
    if (ec) return fail("key " + files.key);
    return out;
}

}  // namespace

class Stream::Parts {
public:
    explicit Parts(const asio::any_io_executor& executor) : socket(executor) {}

    asio::awaitable<Status> start_tls(const std::string& host, const TlsFiles& files,
                                      server::Deadline deadline) {
        auto context = tls_context(files);
        if (!context) co_return context.error();
        auto& secured = tls.emplace(socket, *context);  // OpenSSL keeps the context alive
        secured.set_verify_mode(asio::ssl::verify_peer);
        secured.set_verify_callback(asio::ssl::host_name_verification(host));
        boost::system::error_code is_name;
        asio::ip::make_address(host, is_name);  // RFC 6066, 3: addresses are not server names
        if (is_name && !SSL_set_tlsext_host_name(secured.native_handle(), host.c_str()))
            co_return Error{Errc::storage_failed, "redis: tls: no server name"};
        const auto [ec] = co_await secured.async_handshake(asio::ssl::stream_base::client, as_result);
        if (ec) co_return failure("tls", ec, deadline);
        co_return Status{};
    }

    Socket socket;
    std::optional<asio::ssl::stream<Socket&>> tls;
};

Stream::Stream(const asio::any_io_executor& executor) : parts_(std::make_unique<Parts>(executor)) {}
Stream::~Stream() = default;

asio::awaitable<Status> Stream::connect(Address address, std::optional<TlsFiles> tls,
                                        server::Deadline deadline) {
    const auto endpoints = co_await look_up(address, deadline);
    if (!endpoints) co_return endpoints.error();
    auto& socket = parts_->socket;
    Error error{Errc::storage_failed, "redis: resolve: no address"};
    for (std::size_t i = 0; i < endpoints->size(); ++i) {
        const auto now = std::chrono::steady_clock::now();
        const auto share = now + (deadline - now) / static_cast<int>(endpoints->size() - i);
        const Watch watch(socket, share);
        boost::system::error_code ignored;
        socket.close(ignored);
        const auto [ec] = co_await socket.async_connect((*endpoints)[i], as_result);
        if (!ec) {
            error = {};
            break;
        }
        error = failure("connect", ec, share);
    }
    if (!error.detail.empty()) co_return error;
    if (address.path.empty()) watch_peer(socket);
    if (!tls) co_return Status{};
    const Watch watch(socket, deadline);
    co_return co_await parts_->start_tls(address.host, *tls, deadline);
}

asio::awaitable<Stream::Transferred> Stream::read_some(asio::mutable_buffer into) {
    const auto [ec, size] = parts_->tls ? co_await parts_->tls->async_read_some(into, as_result)
                                        : co_await parts_->socket.async_read_some(into, as_result);
    co_return Transferred{ec, size};
}

asio::awaitable<Stream::Transferred> Stream::write(asio::const_buffer bytes) {
    const auto [ec, size] = parts_->tls ? co_await asio::async_write(*parts_->tls, bytes, as_result)
                                        : co_await asio::async_write(parts_->socket, bytes, as_result);
    co_return Transferred{ec, size};
}

void Stream::close() {
    boost::system::error_code ignored;
    parts_->socket.close(ignored);
}

Status check_files(const TlsFiles& files) {
    const auto context = tls_context(files);
    if (!context) return context.error();
    return {};
}

}  // namespace cadenza::redis
