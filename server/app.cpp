#include "server/app.hpp"

#include "server/base/crypto.hpp"
#include "server/base/deadline.hpp"
#include "server/http/cookies.hpp"
#include "server/http/static_host.hpp"
#include "server/spotify/redis_limit_store.hpp"
#include "server/version.hpp"
#include "shared/api/openapi.hpp"
#include "shared/api/pages.hpp"

#include <algorithm>
#include <chrono>

namespace cadenza::server {
namespace {

void add_all(const http::Headers& from, http::Response& to) {
    for (const auto& [name, value] : from)
        if (!to.headers.find(name)) to.headers.add(name, value);
}

// The page waits 20 s for an answer. One that says why there is none is worth more than a later one.
constexpr std::chrono::milliseconds most_patience{18'000};

// How long a handler may take, of the time after which its connection closes.
std::chrono::milliseconds budget_of(const http::Limits& limits) {
    return std::min(most_patience, limits.handler * 8 / 10);
}

// And how much longer until nobody waits for it.
std::chrono::milliseconds grace_of(const http::Limits& limits) {
    return std::min(std::chrono::milliseconds(1'000), limits.handler / 10);
}

constexpr const char* reads = "GET, HEAD";

// Of every answer that does not say otherwise.
std::shared_ptr<const http::Headers> common_headers(const http::SecurityPolicy& policy) {
    return std::make_shared<const http::Headers>(http::api_headers(policy));
}

http::SecurityPolicy without_hsts(http::SecurityPolicy policy) {
    policy.secure = false;
    return policy;
}

GatewayOptions gateway_options(const Services& services) {
    GatewayOptions out;
    out.api_url = services.config.api_url;
    out.daily_budget = services.config.daily_budget;
    const bool alone = services.config.processes() == 1;
    out.keep_personal = alone || services.redis;
    if (!services.redis) {
        if (const auto& folder = services.config.state_dir; !folder.empty())
            out.cool_down_file = std::make_shared<CoolDownFile>(folder, services.config.client_id,
                                                                services.config.api_url, services.log);
        return out;
    }
    const auto prefix = "cadenza:spotify:" + services.config.client_id + ":";
    out.limits = std::make_shared<RedisLimitStore>(*services.redis, prefix);
    if (!alone)
        out.epochs = std::make_shared<SharedEpochs>(services.executor, *services.redis, prefix, services.log);
    return out;
}

class InFlight {
public:
    explicit InFlight(Gauge& gauge) : gauge_(gauge) { gauge_.add(1); }
    ~InFlight() { gauge_.add(-1); }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

private:
    Gauge& gauge_;
};

}  // namespace

App::App(const Services& services, std::optional<http::StaticFiles> files)
    : services_(services),
      rules_{services.config.own_origin, services.config.frontend_url},
      redirect_path_(services.config.redirect_path()),
      policy_(services.config.security_policy()),
      common_headers_(common_headers(policy_)),
      insecure_headers_(common_headers(without_hsts(policy_))),
      files_(std::move(files)),
      oauth_(services.config, services.transport, services.clock, services.log),
      sessions_(services, oauth_),
      gateway_(services.executor, services.transport, services.clock, services.log,
               gateway_options(services)),
      applied_edits_(services.executor, services.redis, services.clock),
      backend_{services, oauth_, sessions_, gateway_, applied_edits_},
      sign_in_(backend_),
      routes_(backend_),
      openapi_(openapi_document(version)) {
    add_session_routes(routes_);
    add_player_routes(routes_);
    add_library_routes(routes_);
    add_catalogue_routes(routes_);
    add_edit_routes(routes_);
    add_quota_routes(routes_);
    add_doctor_routes(routes_, services_);
    declare_routes();
    settle_files();
    if (services.config.rate_limit)
        rates_.emplace(*services.config.rate_limit, services.redis, services.clock, services.log);
}

// What depends on the settings, not on the build.
void App::settle_files() {
    if (!files_) return;
    files_->replace("/config.json", "{\"backend\":\"" + services_.config.backend_url + "\"}\n");
    if (files_->contains("/sw.js"))
        files_->replace("/sw.js", std::string(files_->content("/sw.js")) + http::worker_line(policy_));
}

// RFC 6797, 7.2: over plain HTTP nothing is said of HSTS.
void App::add_common_headers(std::optional<bool> secure, http::Response& response) const {
    const bool insecure = secure == false;
    if (insecure) response.headers.erase("Strict-Transport-Security");
    response.shared_headers = insecure ? insecure_headers_ : common_headers_;
}

http::Response App::problem(const http::Failure& failure, const std::string& request_id) const {
    return http::problem(failure, request_id, services_.clock());
}

http::Response App::refuse(const http::Refusal& refusal, const http::Request& request) const {
    const auto id = random_token(12);
    auto failure = http::failure_of(refusal);
    if (refusal.status == 429) failure.retry_at = services_.clock() + 1'000;
    auto response = problem(failure, id);
    http::add_cors(request, rules_, response);
    response.shared_headers = common_headers_;
    response.headers.set("X-Request-Id", id);
    services_.metrics.http_rejects.add({refusal.reason});
    services_.log.info("refused",
                       {{"request_id", id}, {"status", refusal.status}, {"reason", refusal.reason}});
    return response;
}

asio::awaitable<http::Response> App::handle(http::Request incoming) {
    const auto began = std::chrono::steady_clock::now();
    const InFlight counted(services_.metrics.in_flight);
    const auto request = std::make_shared<http::Request>(std::move(incoming));
    request->id = ids_.next();
    request->answer_cookies = std::make_shared<http::AnswerCookies>();
    http::Response response;
    std::optional<std::string> bug;
    try {
        response = co_await answer_in_time(request);
    } catch (const std::exception& error) {
        bug = error.what();
    } catch (...) {
        bug = "something that is no std::exception";
    }
    if (bug) {
        services_.log.error("bug", {{"what", *bug}, {"request_id", request->id}});
        response = problem({ProblemCode::internal, {}, {}, {}}, request->id);
    }
    for (const auto& cookie : request->answer_cookies->lines()) response.headers.add("Set-Cookie", cookie);
    http::add_cors(*request, rules_, response);
    add_common_headers(request->secure, response);
    response.headers.set("X-Request-Id", request->id);
    tell(*request, response, began);
    co_return response;
}

// What the gate answers in a handler's place.
std::optional<http::Response> App::gate(const http::Request& request) const {
    auto decision = http::gate(request, rules_);
    if (const auto* failure = std::get_if<http::Failure>(&decision)) {
        count_refused(request, *failure);
        return problem(*failure, request.id);
    }
    auto* decided = std::get_if<http::Response>(&decision);
    if (!decided) return std::nullopt;
    if (decided->status < 400) return std::move(*decided);
    services_.metrics.csrf_rejects.add({"host"});
    http::Failure refused{ProblemCode::bad_request, decided->body, {}, {}};
    while (refused.detail.ends_with('\n')) refused.detail.pop_back();
    refused.status = decided->status;
    return problem(refused, request.id);
}

// Every wait of a handler ends at the deadline. Should one not, the answer does not wait for it.
asio::awaitable<http::Response> App::answer_in_time(std::shared_ptr<http::Request> request) {
    const auto& limits = services_.config.limits;
    request->deadline = std::chrono::steady_clock::now() + budget_of(limits);
    if (auto decided = gate(*request)) co_return std::move(*decided);
    if (http::is_programs(request->path) && services_.cookie().is_doubled(*request))
        services_.metrics.csrf_rejects.add({"double_cookie"});
    http::Headers fields;
    if (auto refused = co_await limit_rate(*request, fields)) co_return std::move(*refused);
    auto answered =
        co_await within(services_.executor, request->deadline + grace_of(limits), answer(request));
    if (answered) add_all(fields, *answered);
    if (answered) co_return std::move(*answered);
    services_.log.error("handler_too_late", {{"request_id", request->id}});
    co_return problem({ProblemCode::upstream_timeout, "That took too long.", {}, {}}, request->id);
}

asio::awaitable<std::optional<http::Response>> App::limit_rate(const http::Request& request,
                                                               http::Headers& fields) {
    const bool is_callback = request.path == redirect_path_;  // wherever that is
    if (!rates_ || (!http::is_programs(request.path) && !is_callback)) co_return std::nullopt;
    const auto ticket = services_.cookie().read(request);
    const auto verdict = co_await check_rates(
        *rates_, request, ticket ? services_.sessions.key_of(Secret(*ticket)) : std::string());
    fields = {{"RateLimit-Policy", verdict.policy}, {"RateLimit", verdict.limit}};
    if (!verdict.retry_after) co_return std::nullopt;
    services_.metrics.rate_limited.add({verdict.refused_by});
    http::Failure refused{ProblemCode::rate_limited, "Too many requests. Wait a moment.", {}, {}};
    refused.retry_at = services_.clock() + verdict.retry_after->count();
    auto response = problem(refused, request.id);
    add_all(fields, response);
    co_return response;
}

bool App::has_address(std::string_view path) const {
    return std::find(addresses.begin(), addresses.end(), path) != addresses.end() || path == redirect_path_;
}

asio::awaitable<http::Response> App::answer(std::shared_ptr<const http::Request> request) {
    const auto& path = request->path;
    if (has_address(path) && !is_read(request->method))
        co_return problem(http::wrong_method(reads), request->id);
    if (path == "*") {  // OPTIONS * asks about the server as a whole
        auto response = http::Response::empty();
        response.headers.add("Allow", "GET, HEAD, POST, DELETE, OPTIONS");
        co_return response;
    }
    if (path == "/livez") co_return http::Response::text(200, "alive\n");
    if (path == "/readyz") co_return answer_ready();
    if (path == "/auth/login") co_return sign_in_.login(*request);
    if (path == redirect_path_) co_return co_await sign_in_.callback(*request);
    if (path == "/api/openapi.json") co_return http::Response::json(openapi_);
    if (!http::is_programs(path)) co_return answer_page(*request);
    auto outcome = co_await routes_.handle(*request);
    if (outcome) co_return std::move(*outcome);
    co_return problem(outcome.error(), request->id);
}

http::Response App::answer_ready() const {
    const auto now = services_.clock();
    return http::Response::text(readiness_.is_ready(now) ? 200 : 503, readiness_.describe(now) + "\n");
}

http::Response App::answer_page(const http::Request& request) const {
    const bool page = is_page(request.path);
    const std::string_view path = page ? std::string_view("/index.html") : std::string_view(request.path);
    if (!files_ || (!page && !files_->contains(path)))
        return problem({ProblemCode::not_found, "There is no " + request.path + ".", {}, {}}, request.id);
    if (!is_read(request.method)) return problem(http::wrong_method(reads), request.id);
    auto response = files_->answer(request, path);
    add_all(http::file_headers(path, policy_), response);
    return response;
}

}  // namespace cadenza::server
