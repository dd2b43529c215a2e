#pragma once

// One accepted connection's bytes, plain or over TLS.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <optional>
#include <tuple>

namespace cadenza::http {

namespace asio = boost::asio;

class Stream {
public:
    using Transferred = std::tuple<boost::system::error_code, std::size_t>;
    static constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

    // `tls` nullptr: plain. It may go once the stream is made.
    Stream(asio::ip::tcp::socket socket, asio::ssl::context* tls);
    // The engine over the socket points into this.
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    bool is_secure() const noexcept { return tls_.has_value(); }
    bool is_open() const { return socket_.is_open(); }
    // Whether the peer has sent what was not read yet.
    bool has_bytes() const;
    auto get_executor() { return socket_.get_executor(); }

    // Errors: the peer speaks no TLS, or none we accept. A plain stream is ready as it is.
    asio::awaitable<boost::system::error_code> handshake();
    asio::awaitable<Transferred> read_some(asio::mutable_buffer into);
    // All of it.
    asio::awaitable<Transferred> write(std::array<asio::const_buffer, 2> parts);
    // Nothing more follows from us; the peer may go on.
    asio::awaitable<boost::system::error_code> finish_sending();
    // Reads past TLS what nobody will use.
    asio::awaitable<Transferred> discard_some();
    // At once, without a word.
    void close();

private:
    asio::ip::tcp::socket socket_;
    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

}  // namespace cadenza::http
