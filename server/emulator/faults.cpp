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

constexpr std::string_view devices = "/sdk/devices";  // where a page becomes a device

http::Response sdk_error(const char* event, const char* message) {
    return api_json({{"event", event}, {"message", message}}, 403);
}

// Whatever has an answer of its own. "slow" has none, nor has "autoplay", which the SDK asks for.
std::optional<http::Response> answer(const Fault& fault, std::string_view path) {
    const auto& kind = fault.kind;
    if (kind == "rate_limit") return too_many(fault.retry_after_s, false);
    if (kind == "quota") return too_many(fault.retry_after_s, true);
    if (kind == "server_error") return api_error(502, "Bad gateway.");
    if (kind == "cut") return http::Response{.status = 0};
    if (kind == "malformed") return http::Response::json("{\"items\": [");
    if (kind == "expired_token") return api_error(401, "The access token expired");
    if (kind == "revoked_token")
        return api_json({{"error", "invalid_grant"}, {"error_description", "Refresh token revoked"}}, 400);
    // Spotify words these two as plain text.
    if (kind == "owner_not_premium")
        return http::Response::text(403, "Active premium subscription required for the owner of the app.");
    if (kind == "not_registered")
        return http::Response::text(
            403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.");
    if (kind == "not_premium")
        return path == devices
                   ? sdk_error("account_error", "This functionality is restricted to premium users only")
                   : api_error(403, "Player command failed: Premium required", "PREMIUM_REQUIRED");
    if (kind == "initialization_error")
        return sdk_error("initialization_error", "Failed to initialize player");
    if (kind == "playback_error") return http::Response::text(500, "No sound\n");
    return std::nullopt;
}

bool is_known(const std::string& kind) {
    static const std::set<std::string> kinds{"rate_limit",
                                             "quota",
                                             "server_error",
                                             "cut",
                                             "malformed",
                                             "expired_token",
                                             "slow",
                                             "revoked_token",
                                             "owner_not_premium",
                                             "not_registered",
                                             "not_premium",
                                             "autoplay",
                                             "initialization_error",
                                             "playback_error"};
    return kinds.count(kind) > 0;
}

// Where a fault strikes unless its path says so.
bool strikes_here(const Fault& fault, Method method, std::string_view path) {
    if (fault.kind == "autoplay") return false;
    if (!fault.path.empty()) return path.starts_with(fault.path);
    const bool registers = method == Method::post && path == devices;
    if (fault.kind == "initialization_error") return registers;
    if (fault.kind == "playback_error") return path.starts_with("/audio/");
    if (fault.kind == "not_premium")
        return registers || (method != Method::get && path.starts_with("/v1/me/player"));
    return path.starts_with("/v1");
}

// One time less; a copy, because others may change the list while this one is suffered.
Fault use_up(World& world, std::vector<Fault>::iterator fault) {
    auto used = *fault;
    if (--fault->count <= 0) world.faults.erase(fault);
    return used;
}

http::Response add_fault(World& world, const Json& body) {
    constexpr std::int64_t many = 1'000'000;
    Fault fault{.kind = text(body, "fault"),
                .path = text(body, "path"),
                .count = static_cast<int>(integer(body, "count", 1, 1, many)),
                .retry_after_s = static_cast<int>(integer(body, "retry_after_s", 1, 0, many)),
                .delay_ms = static_cast<int>(integer(body, "delay_ms", 0, 0, 600'000))};
    if (!is_known(fault.kind)) return api_error(400, "Unknown fault");
    // Revoking is not an answer in between: everybody's tokens are gone until they sign in again.
    if (fault.kind == "revoked_token" && fault.path.empty())
        world.revoke();
    else
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
        constexpr std::int64_t decade = 10ll * 366 * 86'400;
        world.advance_clock(integer(body, "advance_s", 0, -decade, decade) * 1000);
        return http::Response::empty(204);
    }
    if (path == "/reset" && request.method == Method::post) {
        world.reset();
        return http::Response::empty(204);
    }
    return http::Response::text(404, "Not found\n");
}

}  // namespace

asio::awaitable<std::optional<http::Response>> suffer(World& world, Method method, std::string path) {
    const auto found = std::find_if(world.faults.begin(), world.faults.end(),
                                    [&](const Fault& fault) { return strikes_here(fault, method, path); });
    if (found == world.faults.end()) co_return std::nullopt;
    const auto fault = use_up(world, found);
    if (fault.delay_ms > 0) {
        asio::steady_timer timer(world.executor, std::chrono::milliseconds(fault.delay_ms));
        (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return answer(fault, path);
}

bool take_fault(World& world, std::string_view kind) {
    const auto found = std::find_if(world.faults.begin(), world.faults.end(),
                                    [&](const Fault& fault) { return fault.kind == kind; });
    if (found == world.faults.end()) return false;
    (void)use_up(world, found);
    return true;
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
    return guarded([&] { return write(world, request, path, json_body(request)); });
}

}  // namespace cadenza::emulator
