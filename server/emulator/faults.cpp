#include "server/emulator/faults.hpp"

#include "server/emulator/call.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t rate_window = 30'000;
constexpr std::int64_t quota_window = 24ll * 3'600'000;

http::Response too_many(int retry_after_s, bool quota) {
    auto response = quota ? api_error(429, "Too many requests", "QUOTA_EXCEEDED")
                          : api_error(429, "API rate limit exceeded");
    response.headers.add("Retry-After", std::to_string(retry_after_s));
    return response;
}

std::optional<http::Response> answer(const Fault& fault) {
    if (fault.kind == "rate_limit") return too_many(fault.retry_after_s, false);
    if (fault.kind == "quota") return too_many(fault.retry_after_s, true);
    if (fault.kind == "server_error") return api_error(502, "Bad gateway.");
    if (fault.kind == "cut") return http::Response{.status = 0};
    if (fault.kind == "malformed") return http::Response::json("{\"items\": [");
    if (fault.kind == "expired_token") return api_error(401, "The access token expired");
    if (fault.kind == "revoked_token")
        return api_json({{"error", "invalid_grant"}, {"error_description", "Refresh token revoked"}}, 400);
    // Spotify words these two as plain text.
    if (fault.kind == "owner_not_premium")
        return http::Response::text(403, "Active premium subscription required for the owner of the app.");
    if (fault.kind == "not_registered")
        return http::Response::text(
            403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.");
    return std::nullopt;  // "slow": only the delay
}

bool is_known(const std::string& kind) {
    static const std::set<std::string> kinds{
        "rate_limit",    "quota",         "server_error",      "cut",  "malformed",
        "expired_token", "revoked_token", "owner_not_premium", "slow", "not_registered"};
    return kinds.count(kind) > 0;
}

http::Response add_fault(World& world, const Json& body) {
    Fault fault{.kind = body.value("fault", ""),
                .path = body.value("path", ""),
                .count = body.value("count", 1),
                .retry_after_s = body.value("retry_after_s", 1),
                .delay_ms = body.value("delay_ms", 0)};
    if (!is_known(fault.kind)) return api_error(400, "Unknown fault");
    world.faults.push_back(std::move(fault));
    return http::Response::empty(204);
}

http::Response requests(const World& world) {
    Json out = Json::array();
    for (const auto& seen : world.requests)
        out.push_back({{"method", seen.method}, {"path", seen.path}, {"headers", seen.headers}});
    return api_json(out);
}

http::Response write(World& world, const http::Request& request, std::string_view path, const Json& body) {
    if (path == "/faults" && request.method == Method::post) return add_fault(world, body);
    if (path == "/faults" && request.method == Method::delete_) {
        world.faults.clear();
        return http::Response::empty(204);
    }
    if (path == "/clock" && request.method == Method::post) {
        world.clock_offset += body.value("advance_s", std::int64_t{0}) * 1000;
        world.wake();
        return http::Response::empty(204);
    }
    if (path == "/reset" && request.method == Method::post) {
        world.reset();
        return http::Response::empty(204);
    }
    return http::Response::text(404, "Not found\n");
}

}  // namespace

asio::awaitable<std::optional<http::Response>> suffer(World& world, std::string path) {
    const auto found = std::find_if(world.faults.begin(), world.faults.end(), [&](const Fault& fault) {
        const std::string prefix = fault.path.empty() ? "/v1" : fault.path;
        return path.rfind(prefix, 0) == 0;
    });
    if (found == world.faults.end()) co_return std::nullopt;
    const auto fault = *found;
    if (--found->count <= 0) world.faults.erase(found);
    if (fault.delay_ms > 0) {
        asio::steady_timer timer(world.executor, std::chrono::milliseconds(fault.delay_ms));
        (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return answer(fault);
}

std::optional<http::Response> count_call(World& world) {
    const auto now = world.now();
    auto& calls = world.recent_calls;
    calls.push_back(now);
    while (!calls.empty() && calls.front() <= now - quota_window) calls.pop_front();
    if (static_cast<int>(calls.size()) > world.options.daily_quota) {
        const auto until =
            calls[calls.size() - static_cast<std::size_t>(world.options.daily_quota)] + quota_window;
        return too_many(static_cast<int>((until - now) / 1000) + 1, true);
    }
    const auto recent = calls.end() - std::lower_bound(calls.begin(), calls.end(), now - rate_window);
    if (recent > world.options.rate_limit) return too_many(3, false);
    return std::nullopt;
}

http::Response control(World& world, const http::Request& request, std::string_view path) {
    if (!world.options.control || (request.remote != "127.0.0.1" && request.remote != "::1"))
        return http::Response::text(404, "Not found\n");
    if (path == "/health" && request.method == Method::get) return api_json({{"status", "ok"}});
    if (path == "/requests" && request.method == Method::get) return requests(world);
    const auto body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
    if (!body.is_object()) return api_error(400, "Error parsing JSON.");
    try {
        return write(world, request, path, body);
    } catch (const nlohmann::json::exception&) {
        return api_error(400, "Malformed json");
    }
}

}  // namespace cadenza::emulator
