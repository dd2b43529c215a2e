#pragma once

// The endpoint table's handlers. Each is a coroutine from checked arguments to an answer or a failure;
// parsing, sessions, status codes and problem documents are the router's business.

#include "server/http/problem.hpp"
#include "server/http/router.hpp"
#include "server/routes/applied_edits.hpp"
#include "server/session/current_session.hpp"
#include "server/spotify/gateway.hpp"
#include "shared/api/endpoints.hpp"
#include "shared/base/json.hpp"
#include "shared/base/query.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cadenza::server {

// Where the handlers' services come together.
struct Backend {
    const Services& services;
    OAuth& oauth;
    Sessions& sessions;
    Gateway& gateway;
    AppliedEdits& applied_edits;
};

// One API request. `session` is there when the endpoint asks for one.
template <class Path, class Query, class Body>
struct Call {
    Backend& backend;
    const http::Request& request;
    std::optional<CurrentSession> session;
    Path path;
    Query query;
    Body body;

    Caller caller() const {
        auto out = backend.sessions.caller(*session, request.deadline);
        out.priority = priority_of(request.header("Priority"));
        return out;
    }
    // GET from Spotify, decoded as its own shape `T`.
    template <class T>
    asio::awaitable<http::Outcome<T>> get(std::string target) {
        const auto answer = co_await backend.gateway.get(caller(), std::move(target));
        if (!answer) co_return answer.error();
        co_return read<T>(**answer);
    }
    // What Spotify answered, decoded.
    template <class T>
    http::Outcome<T> read(const std::string& text) const {
        auto decoded = decode<T>(text);
        if (decoded) return std::move(*decoded);
        backend.services.log.warn("spotify_unreadable",
                                  {{"error", decoded.error().detail}, {"request_id", request.id}});
        return http::Failure{
            ProblemCode::upstream_unavailable, "Spotify answered something unknown.", {}, {}};
    }
    asio::awaitable<http::Outcome<std::string>> send(Method method, std::string target,
                                                     std::string json = {}) {
        return backend.gateway.send(caller(), method, std::move(target), std::move(json));
    }
};

class Routes {
public:
    explicit Routes(Backend backend) : backend_(backend) {}

    // `handler` is `awaitable<Outcome<Answer>>(Call<Path, Query, Body>&)`, or Outcome<None>.
    template <class Path, class Query, class Body, class Answer, class Fn>
    void on(const Endpoint<Path, Query, Body, Answer>& endpoint, Fn handler) {
        router_.add(endpoint.info.method, endpoint.info.path);
        templates_.emplace_back(endpoint.info.path);
        backend_.services.metrics.declare_route(templates_.back());
        handlers_.push_back(
            [this, access = endpoint.info.access, handler = std::move(handler)](
                const http::Request& request,
                http::PathParameters parameters) -> asio::awaitable<http::Outcome<http::Response>> {
                Call<Path, Query, Body> call{backend_, request, {}, {}, {}, {}};
                if (access != Access::open) {
                    auto session = co_await backend_.sessions.require(request);
                    if (!session) co_return session.error();
                    call.session = std::move(*session);
                }
                if (auto status = read(request, parameters, call); !status) co_return status.error();
                auto answer = co_await handler(call);
                if (!answer) co_return answer.error();
                auto response = http::Response::empty();
                if constexpr (!std::is_same_v<Answer, None>)
                    response = http::Response::json(encode(*answer, usual_answer));
                co_return response;
            });
    }

    // Answers `request`, or says why not: not_found, method_not_allowed and whatever the handler says.
    asio::awaitable<http::Outcome<http::Response>> handle(const http::Request& request);
    // The template that answers `request`, "/api/albums/{id}"; empty when none does.
    std::string_view template_of(const http::Request& request) const;
    std::size_t size() const noexcept { return handlers_.size(); }

private:
    // Most answers but pages fit.
    static constexpr std::size_t usual_answer = 1'000;

    using Handler = std::function<asio::awaitable<http::Outcome<http::Response>>(const http::Request&,
                                                                                 http::PathParameters)>;

    template <class C>
    static http::Outcome<void> read(const http::Request& request, const http::PathParameters& parameters,
                                    C& call) {
        using Query = decltype(call.query);
        using Body = decltype(call.body);
        if (auto status =
                json::decode_parameters(parameters, json::type_of<decltype(call.path)>, &call.path, "path");
            !status)
            return http::unreadable(ProblemCode::bad_request, status.error());
        auto query = decode_query<Query>(request.query);
        if (!query) return http::unreadable(ProblemCode::bad_request, query.error());
        call.query = std::move(*query);
        if constexpr (!std::is_same_v<Body, None>) {
            auto body = decode<Body>(request.body, UnknownFields::refuse);
            if (!body) return http::unreadable(ProblemCode::invalid_body, body.error());
            call.body = std::move(*body);
        } else if (!request.body.empty()) {
            return http::Failure{ProblemCode::invalid_body, "No content expected.", {}, {}};
        }
        return boost::system::in_place_value;
    }

    Backend backend_;
    http::Router router_;
    std::vector<std::string> templates_;  // as the router counts them
    std::vector<Handler> handlers_;
};

void add_session_routes(Routes& routes);
void add_player_routes(Routes& routes);
void add_library_routes(Routes& routes);
void add_catalogue_routes(Routes& routes);
void add_edit_routes(Routes& routes);
void add_quota_routes(Routes& routes);
void add_doctor_routes(Routes& routes, const Services& services);

}  // namespace cadenza::server
