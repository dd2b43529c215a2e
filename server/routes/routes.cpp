#include "server/routes/routes.hpp"

namespace cadenza::server {

asio::awaitable<http::Outcome<http::Response>> Routes::handle(const http::Request& request) {
    auto found = router_.find(request.method, request.path);
    if (auto* match = std::get_if<http::Router::Match>(&found))
        co_return co_await handlers_[match->route](request, std::move(match->parameters));
    if (const auto* wrong = std::get_if<http::Router::WrongMethod>(&found))
        co_return http::wrong_method(wrong->allow);
    co_return http::Failure{ProblemCode::not_found, "There is no " + request.path + ".", {}, {}};
}

std::string_view Routes::template_of(const http::Request& request) const {
    const auto found = router_.find(request.method, request.path);
    const auto* match = std::get_if<http::Router::Match>(&found);
    return match ? std::string_view(templates_[match->route]) : std::string_view{};
}

}  // namespace cadenza::server
