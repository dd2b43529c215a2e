#include "server/http/listener.hpp"

#include "server/http/connection.hpp"
#include "server/http/rate_limit.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace cadenza::http {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using namespace std::chrono_literals;
// Bytes of an answer that wait in the kernel, or clients that do not read could fill its memory unseen.
using UnsentLimit = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
const UnsentLimit unsent_limit(64 * 1024);

}  // namespace

Listener::Listener(asio::any_io_executor executor, Handler handler, ListenerOptions options)
    : executor_(std::move(executor)),
      handler_(std::move(handler)),
      options_(std::move(options)),
      acceptor_(executor_),
      per_address_(std::make_shared<std::map<std::string, std::size_t>>()),
      alive_(std::make_shared<bool>(true)) {
    if (!options_.refuse)
        options_.refuse = [](const Refusal& refusal, const Request&) {
            return Response::text(refusal.status, refusal.reason + "\n");
        };
    if (!options_.log_bug) options_.log_bug = [](std::string_view) {};
}

Listener::~Listener() {
    *alive_ = false;
    for (auto* connection : connections_) connection->close();
}

Status Listener::bind(const std::string& host, std::uint16_t port) {
    auto sockets = listen_on(host, port, options_.limits.backlog);
    if (!sockets) return sockets.error();
    return adopt(std::move(sockets->front()));
}

Status Listener::adopt(ListeningSocket socket) {
    asio::ip::tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    boost::system::error_code ec;
    if (::getsockname(socket.descriptor(), endpoint.data(), &size) != 0)
        ec = {errno, boost::system::system_category()};
    else
        acceptor_.assign(endpoint.protocol(), socket.descriptor(), ec);
    if (ec) return Error{Errc::invalid_value, "cannot listen: " + ec.message()};
    socket.release();
    acceptor_.non_blocking(true, ec);
    port_ = endpoint.port();
    return {};
}

void Listener::start() { asio::co_spawn(executor_, accept(alive_), asio::detached); }

asio::awaitable<void> Listener::accept(std::shared_ptr<bool> alive) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (*alive && !draining_) {
        auto [ec, socket] = co_await acceptor_.async_accept(as_result);
        if (!*alive) co_return;
        if (ec && draining_) co_return;
        if (ec) {  // out of descriptors, or the peer was gone already
            pause.expires_after(20ms);
            co_await pause.async_wait(as_result);
            continue;
        }
        admit(std::move(socket));
    }
}

void Listener::admit(asio::ip::tcp::socket socket) {
    boost::system::error_code ec;
    const auto address = plain_address(socket.remote_endpoint(ec).address());
    if (ec || connections_.size() >= options_.limits.connections) return;  // the socket closes
    std::optional<Claim> place;
    if (!is_trusted(options_.trusted_proxies, address)) {
        place = claim(address);
        if (!place) return;
    }
    socket.set_option(asio::ip::tcp::no_delay(true), ec);
    socket.set_option(unsent_limit, ec);
    auto connection =
        std::make_shared<Connection>(std::move(socket), address, std::move(place), *this, alive_);
    connections_.insert(connection.get());
    connection->start();
    if (draining_) connection->finish();
}

std::optional<Claim> Listener::claim(const asio::ip::address& address) const {
    auto counted = rate_address(address.to_string());
    const auto found = per_address_->find(counted);
    if (found != per_address_->end() && found->second >= options_.limits.connections_per_address)
        return std::nullopt;
    return Claim(per_address_, std::move(counted));
}

asio::awaitable<void> Listener::drain(std::chrono::milliseconds deadline) {
    const auto alive = alive_;
    draining_ = true;
    boost::system::error_code ec;
    for (auto* connection : connections_) connection->finish();
    // The kernel has accepted these for us, and would reset them.
    for (int waits = options_.limits.backlog; waits > 0; --waits) {
        asio::ip::tcp::socket waiting(executor_);
        acceptor_.accept(waiting, ec);
        if (ec) break;
        admit(std::move(waiting));
    }
    acceptor_.close(ec);
    co_await asio::post(executor_, asio::use_awaitable);  // one may be on its way to accept()
    if (!*alive) co_return;
    asio::steady_timer tick(executor_);
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (*alive && !connections_.empty() && std::chrono::steady_clock::now() < end) {
        tick.expires_after(10ms);
        co_await tick.async_wait(as_result);
    }
    if (!*alive) co_return;
    for (auto* connection : connections_) connection->close();
}

Claim::Claim(std::shared_ptr<std::map<std::string, std::size_t>> taken, std::string address)
    : taken_(std::move(taken)), address_(std::move(address)) {
    ++(*taken_)[address_];
}

Claim::~Claim() {
    if (!taken_) return;
    const auto found = taken_->find(address_);
    if (--found->second == 0) taken_->erase(found);
}

std::size_t Listener::idle_connections() const noexcept {
    return static_cast<std::size_t>(
        std::count_if(connections_.begin(), connections_.end(),
                      [](const Connection* connection) { return connection->is_idle(); }));
}

}  // namespace cadenza::http
