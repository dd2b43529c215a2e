#include "server/admin.hpp"

#include "server/base/crypto.hpp"
#include "server/http/problem.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <sys/socket.h>

namespace cadenza::server {

Result<std::optional<http::ListeningSocket>> listen_for_admin(AdminAddress& address, const Log& log) {
    auto sockets = http::listen_on(address.host, address.port, http::Limits{}.backlog);
    if (!sockets && address.required)
        return Error{sockets.error().code, "ADMIN_ADDR: " + sockets.error().detail};
    if (!sockets) {
        log.warn("admin_unavailable",
                 {{"address", address.text()}, {"hint", "no metrics; set ADMIN_ADDR to a free address"}});
        return std::optional<http::ListeningSocket>{};
    }
    auto& socket = sockets->front();
    asio::ip::tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (::getsockname(socket.descriptor(), endpoint.data(), &size) == 0) address.port = endpoint.port();
    log.info("admin_listening", {{"address", address.text()}});
    return std::optional(std::move(socket));
}

Admin::Admin(asio::any_io_executor executor, std::function<MetricsSnapshot()> metrics)
    : metrics_(std::move(metrics)),
      listener_(std::move(executor), [this](http::Request request) { return handle(std::move(request)); }) {}

Status Admin::start(http::ListeningSocket socket) {
    auto adopted = listener_.adopt(std::move(socket));
    if (adopted) listener_.start();
    return adopted;
}

// By value: it outlives the call. NOLINTNEXTLINE(performance-unnecessary-value-param)
asio::awaitable<http::Response> Admin::handle(http::Request request) const {
    const auto refuse = [](const http::Failure& failure) {
        return http::problem(failure, random_token(12), system_now());
    };
    if (request.path != "/metrics")
        co_return refuse({ProblemCode::not_found, "There is only /metrics here.", {}, {}});
    if (!is_read(request.method)) co_return refuse(http::wrong_method("GET, HEAD"));
    auto response = http::Response::text(200, to_prometheus(metrics_()));
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.headers.add("Cache-Control", "no-store");
    co_return response;
}

}  // namespace cadenza::server
