#include "server/app.hpp"

#include "server/base/crypto.hpp"
#include "server/version.hpp"
#include "shared/api/openapi.hpp"
#include "shared/api/pages.hpp"

namespace cadenza::server {
namespace {

bool is_under(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

void add_all(const http::Headers& from, http::Response& to) {
    for (const auto& [name, value] : from)
        if (!to.headers.find(name)) to.headers.add(name, value);
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

}  // namespace

App::App(const Services& services, std::optional<http::StaticFiles> files)
    : services_(services),
      rules_{services.config.own_origin, services.config.frontend_url},
      policy_(services.config.security_policy()),
      files_(std::move(files)),
      oauth_(services.config, services.transport, services.clock),
      sessions_(services, oauth_),
      gateway_(services.executor, services.transport, services.config.api_url, services.clock, services.log),
      backend_{services, oauth_, sessions_, gateway_},
      sign_in_(backend_),
      routes_(backend_),
      openapi_(openapi_document(version)) {
    add_session_routes(routes_);
    add_player_routes(routes_);
    add_library_routes(routes_);
    add_catalogue_routes(routes_);
    add_edit_routes(routes_);
    settle_files();
}

// What depends on the settings, not on the build.
void App::settle_files() {
    if (!files_) return;
    files_->replace("/config.json", "{\"backend\":\"" + services_.config.backend_url + "\"}\n");
    if (files_->contains("/sw.js"))
        files_->replace("/sw.js", std::string(files_->content("/sw.js")) + "\nself.cadenzaHeaders=\"" +
                                      http::fingerprint(policy_) + "\";\n");
}

http::Response App::problem(const http::Failure& failure, const std::string& request_id) const {
    return http::problem(failure, request_id, services_.clock());
}

http::Response App::refuse(const http::Refusal& refusal) const {
    auto response = problem(http::failure_of(refusal), random_token(12));
    response.status = refusal.status;
    add_all(http::api_headers(policy_), response);
    return response;
}

asio::awaitable<http::Response> App::handle(http::Request request) {
    const auto began = services_.clock();
    request.id = random_token(12);
    http::Response response;
    auto decision = http::gate(request, rules_);
    if (auto* decided = std::get_if<http::Response>(&decision))
        response = std::move(*decided);
    else if (const auto* failure = std::get_if<http::Failure>(&decision))
        response = problem(*failure, request.id);
    else
        response = co_await answer(request);
    http::add_cors(request, rules_, response);
    add_all(http::api_headers(policy_), response);
    response.headers.set("X-Request-Id", request.id);
    log_request(request, response, began);
    co_return response;
}

asio::awaitable<http::Response> App::answer(const http::Request& request) {
    const auto& path = request.path;
    const bool read = is_read(request.method);
    if (read && path == "/livez") co_return http::Response::text(200, "alive\n");
    if (read && path == "/readyz")
        co_return ready_ ? http::Response::text(200, "ready\n") : http::Response::text(503, "stopping\n");
    if (read && path == "/auth/login") co_return sign_in_.login(request);
    if (read && path == services_.config.redirect_path()) co_return co_await sign_in_.callback(request);
    if (read && path == "/api/openapi.json") co_return http::Response::json(openapi_);
    if (is_under(path, "/api") || is_under(path, "/auth")) co_return co_await answer_api(request);
    if (!read) co_return problem({ProblemCode::method_not_allowed, "Here: GET, HEAD.", {}, {}}, request.id);
    co_return answer_page(request);
}

asio::awaitable<http::Response> App::answer_api(const http::Request& request) {
    auto outcome = co_await routes_.handle(request);
    if (outcome) co_return std::move(*outcome);
    auto response = problem(outcome.error(), request.id);
    constexpr std::string_view here = "Here: ";
    const auto& failure = outcome.error();
    if (failure.code == ProblemCode::method_not_allowed && failure.detail.starts_with(here))
        response.headers.add("Allow",
                             failure.detail.substr(here.size(), failure.detail.size() - here.size() - 1));
    co_return response;
}

http::Response App::answer_page(const http::Request& request) const {
    const bool page = is_page(request.path);
    const std::string_view path = page ? std::string_view("/index.html") : std::string_view(request.path);
    if (!files_ || (!page && !files_->contains(path)))
        return problem({ProblemCode::not_found, "There is no " + request.path + ".", {}, {}}, request.id);
    auto response = files_->answer(request, path);
    add_all(path == "/sw.js" ? http::worker_headers(policy_) : http::page_headers(policy_), response);
    return response;
}

void App::log_request(const http::Request& request, const http::Response& response,
                      std::int64_t began) const {
    // Never the query: codes and search words are in it.
    services_.log.info("request", {{"request_id", request.id},
                                   {"method", name(request.method)},
                                   {"path", request.path},
                                   {"status", response.status},
                                   {"bytes", static_cast<std::int64_t>(response.content().size())},
                                   {"ms", services_.clock() - began},
                                   {"remote", request.remote}});
}

}  // namespace cadenza::server
