#include "server/http/stream.hpp"

#include <boost/asio/write.hpp>

namespace cadenza::http {

Stream::Stream(asio::ip::tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls) tls_.emplace(socket_, *tls);
}

bool Stream::has_bytes() const {
    boost::system::error_code ec;
    return socket_.available(ec) > 0;
}

asio::awaitable<boost::system::error_code> Stream::handshake() {
    if (!tls_) co_return boost::system::error_code{};
    const auto [ec] = co_await tls_->async_handshake(asio::ssl::stream_base::server, as_result);
    co_return ec;
}

asio::awaitable<Stream::Transferred> Stream::read_some(asio::mutable_buffer into) {
    return tls_ ? tls_->async_read_some(into, as_result) : socket_.async_read_some(into, as_result);
}

asio::awaitable<Stream::Transferred> Stream::write(std::array<asio::const_buffer, 2> parts) {
    return tls_ ? asio::async_write(*tls_, parts, as_result) : asio::async_write(socket_, parts, as_result);
}

asio::awaitable<boost::system::error_code> Stream::finish_sending() {
    boost::system::error_code ec;
    // Waits for the peer's own goodbye; one that says something else instead is an error of no interest.
    if (tls_) co_await tls_->async_shutdown(as_result);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    co_return ec;
}

asio::awaitable<Stream::Transferred> Stream::discard_some() {
    std::array<char, 8UL * 1024> nowhere{};
    co_return co_await socket_.async_read_some(asio::buffer(nowhere), as_result);
}

void Stream::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace cadenza::http
