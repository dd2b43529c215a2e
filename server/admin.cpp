#include "server/admin.hpp"

#include "server/base/crypto.hpp"
#include "server/http/problem.hpp"

namespace cadenza::server {

Admin::Admin(asio::any_io_executor executor, std::function<MetricsSnapshot()> metrics)
    : metrics_(std::move(metrics)),
      listener_(std::move(executor), [this](http::Request request) { return handle(std::move(request)); }) {}

Status Admin::start(const std::string& host, std::uint16_t port) {
    auto bound = listener_.bind(host, port);
    if (bound) listener_.start();
    return bound;
}

// By value: it outlives the call. NOLINTNEXTLINE(performance-unnecessary-value-param)
asio::awaitable<http::Response> Admin::handle(http::Request request) const {
    const auto refuse = [](const http::Failure& failure) {
        return http::problem(failure, random_token(12), system_now());
    };
    if (request.path != "/metrics")
        co_return refuse({ProblemCode::not_found, "There is only /metrics here.", {}, {}});
    if (request.method != Method::get && request.method != Method::head)
        co_return refuse(http::wrong_method("GET, HEAD"));
    auto response = http::Response::text(200, to_prometheus(metrics_()));
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.headers.add("Cache-Control", "no-store");
    co_return response;
}

}  // namespace cadenza::server
