// What App tells of its requests: metrics and the access log.

#include "server/app.hpp"
#include "server/base/trace.hpp"
#include "shared/api/pages.hpp"

namespace cadenza::server {
namespace {

// What metrics call the pages and files, whatever their paths.
constexpr const char* page_route = "/{page}";
constexpr const char* file_route = "/{file}";

// Two of them name no trace.
Trace trace_of(const http::Request& request) {
    return continue_trace(request.headers.count("traceparent") == 1 ? request.headers.find("traceparent")
                                                                    : std::nullopt);
}

}  // namespace

void App::declare_routes() {
    for (const auto address : addresses) services_.metrics.declare_route(std::string(address));
    services_.metrics.declare_route(redirect_path_);
    services_.metrics.declare_route(page_route);
    services_.metrics.declare_route(file_route);
}

// Empty for what nothing here answers, so that made-up paths make no series.
std::string_view App::route_of(const http::Request& request) const {
    const std::string_view path = request.path;
    if (has_address(path)) return path;
    if (http::is_programs(path)) return routes_.template_of(request);
    if (!files_ || !is_read(request.method)) return {};
    if (is_page(path)) return page_route;
    return files_->contains(path) ? file_route : std::string_view{};
}

void App::count_refused(const http::Request& request, const http::Failure& failure) const {
    const auto* check = failure.code == ProblemCode::header_missing ? "header"
                        : request.method == Method::options         ? "preflight"
                        : is_safe(request.method)                   ? "fetch_metadata"
                                                                    : "origin";
    services_.metrics.csrf_rejects.add({check});
}

void App::measure() const {
    auto& metrics = services_.metrics;
    const auto stats = gateway_.stats();
    metrics.upstream_cooldown.set(static_cast<double>(stats.cool_down_ms) / 1'000);
    metrics.upstream_retries.set(static_cast<double>(stats.retries));
    metrics.upstream_cache.set(static_cast<double>(stats.cache_hits), {"hit"});
    metrics.upstream_cache.set(static_cast<double>(stats.cache_misses), {"miss"});
    metrics.upstream_cache.set(static_cast<double>(stats.coalesced), {"shared"});
    metrics.upstream_refused.set(static_cast<double>(stats.refused_budget), {"budget"});
    metrics.upstream_refused.set(static_cast<double>(stats.refused_cool_down), {"cool_down"});
    metrics.upstream_refused.set(static_cast<double>(stats.refused_breaker), {"breaker"});
    metrics.upstream_refused.set(static_cast<double>(stats.refused_queue), {"queue"});
    metrics.breaker_state.set(stats.breaker == Breaker::State::closed ? 0 : 1, {"upstream"});
    metrics.sessions_ended.set(static_cast<double>(sessions_.refusals().final_count()), {"reauthorize"});
    metrics.breaker_state.set(sessions_.refusals().open_until() ? 1 : 0, {"refresh"});
}

void App::tell(const http::Request& request, const http::Response& response,
               std::chrono::steady_clock::time_point began) const {
    const auto route = route_of(request);
    const auto method = name(request.method);
    const auto took = seconds_since(began);
    services_.metrics.requests.add({route, method, std::to_string(response.status)});
    services_.metrics.request_duration.observe(took, {route, method});
    if (!services_.log.takes(Level::info)) return;
    const auto trace = trace_of(request);
    // Never the query: codes and search words are in it.
    services_.log.info("request", {{"request_id", request.id},
                                   {"trace_id", trace.trace_id},
                                   {"span_id", trace.span_id},
                                   {"method", method},
                                   {"path", request.path},
                                   {"status", response.status},
                                   {"bytes", static_cast<std::int64_t>(response.content().size())},
                                   {"ms", static_cast<std::int64_t>(took * 1'000)},
                                   {"remote", request.remote}});
}

}  // namespace cadenza::server
