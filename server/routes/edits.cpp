#include "server/routes/routes.hpp"

namespace cadenza::server {
namespace {

struct ToSpotify {
    std::pair<Method, const Uri*> operator()(const change::Like& like) const {
        return {Method::put, &like.uri};
    }
    std::pair<Method, const Uri*> operator()(const change::Unlike& unlike) const {
        return {Method::delete_, &unlike.uri};
    }
};

asio::awaitable<http::Outcome<void>> send(Gateway& gateway, Caller caller, Method method,
                                          std::string target) {
    auto sent = co_await gateway.send(std::move(caller), method, std::move(target));
    if (!sent) co_return sent.error();
    co_return boost::system::in_place_value;
}

}  // namespace

void add_edit_routes(Routes& routes) {
    routes.on(endpoint::edits, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        const auto request = std::visit(ToSpotify{}, call.body.change);
        // On its own: it may go on when this call is gone.
        const auto apply = [&gateway = call.backend.gateway, caller = call.caller(), method = request.first,
                            target = "/me/library?uris=" + percent_encode(request.second->str())] {
            return send(gateway, caller, method, target);
        };
        auto applied = co_await call.backend.applied_edits.once(call.session->session.account().key,
                                                                call.body.id.str(), apply);
        if (!applied) co_return applied.error();
        co_return None{};
    });
}

}  // namespace cadenza::server
