#include "server/routes/routes.hpp"

namespace cadenza::server {

void add_quota_routes(Routes& routes) {
    routes.on(endpoint::quota, [](auto& call) -> asio::awaitable<http::Outcome<Quota>> {
        co_return co_await call.backend.gateway.quota();
    });
}

}  // namespace cadenza::server
