#include "server/http/listener.hpp"

#include "server/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cadenza::http {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using namespace std::chrono_literals;

}  // namespace

Listener::Listener(asio::any_io_executor executor, Handler handler, ListenerOptions options)
    : executor_(std::move(executor)),
      handler_(std::move(handler)),
      options_(std::move(options)),
      acceptor_(executor_),
      alive_(std::make_shared<bool>(true)) {
    if (!options_.refuse)
        options_.refuse = [](const Refusal& refusal) {
            return Response::text(refusal.status, refusal.reason + "\n");
        };
    if (!options_.log_bug) options_.log_bug = [](std::string_view) {};
}

Listener::~Listener() {
    *alive_ = false;
    for (auto* connection : connections_) connection->close();
}

Status Listener::bind(const std::string& host, std::uint16_t port) {
    const auto fail = [&](const boost::system::error_code& ec) -> Status {
        return Error{Errc::invalid_value,
                     "cannot listen on " + host + ":" + std::to_string(port) + ": " + ec.message()};
    };
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (ec) return fail(ec);
    const asio::ip::tcp::endpoint endpoint(address, port);
    acceptor_.open(endpoint.protocol(), ec);
    if (ec) return fail(ec);
    // So that a restart need not wait for old connections; Linux still refuses a port somebody listens on.
    acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    acceptor_.bind(endpoint, ec);
    if (ec) return fail(ec);
    acceptor_.listen(1024, ec);
    if (ec) return fail(ec);
    port_ = acceptor_.local_endpoint().port();
    return {};
}

void Listener::start() { asio::co_spawn(executor_, accept(), asio::detached); }

asio::awaitable<void> Listener::accept() {
    const auto alive = alive_;
    asio::steady_timer pause(executor_);
    while (*alive && !draining_) {
        auto [ec, socket] = co_await acceptor_.async_accept(as_result);
        if (!*alive || draining_) co_return;
        if (ec) {  // out of descriptors, or the peer was gone already
            pause.expires_after(20ms);
            co_await pause.async_wait(as_result);
            continue;
        }
        boost::system::error_code ignored;
        const auto address = socket.remote_endpoint(ignored).address().to_string(ignored);
        auto& count = per_address_[address];
        if (connections_.size() >= options_.limits.connections ||
            count >= options_.limits.connections_per_address) {
            if (count == 0) per_address_.erase(address);
            continue;  // the socket closes
        }
        ++count;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        auto connection = std::make_shared<Connection>(std::move(socket), address, *this, alive_);
        connections_.insert(connection.get());
        connection->start();
    }
}

asio::awaitable<void> Listener::drain(std::chrono::milliseconds deadline) {
    const auto alive = alive_;
    draining_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (auto* connection : connections_) connection->finish();
    asio::steady_timer tick(executor_);
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (*alive && !connections_.empty() && std::chrono::steady_clock::now() < end) {
        tick.expires_after(10ms);
        co_await tick.async_wait(as_result);
    }
    if (!*alive) co_return;
    for (auto* connection : connections_) connection->close();
}

std::size_t Listener::idle_connections() const noexcept {
    return static_cast<std::size_t>(
        std::count_if(connections_.begin(), connections_.end(),
                      [](const Connection* connection) { return connection->is_idle(); }));
}

void Listener::forget(Connection* connection, const std::string& address) {
    connections_.erase(connection);
    const auto found = per_address_.find(address);
    if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
}

}  // namespace cadenza::http
