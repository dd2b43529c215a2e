#include "server/routes/applied_edits.hpp"
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

}  // namespace

void add_edit_routes(Routes& routes) {
    auto applied = std::make_shared<AppliedEdits>();
    routes.on(endpoint::edits, [applied](auto& call) -> asio::awaitable<http::Outcome<None>> {
        const auto key = call.session->session.account().key + " " + call.body.id.str();
        // Claimed before the request, so that the same edit sent twice at once is sent on once.
        if (!applied->claim(key)) co_return None{};
        const auto [method, uri] = std::visit(ToSpotify{}, call.body.change);
        auto sent = co_await call.send(method, "/me/library?uris=" + percent_encode(uri->str()));
        if (!sent) {
            applied->release(key);
            co_return sent.error();
        }
        co_return None{};
    });
}

}  // namespace cadenza::server
