// A DSN and what becomes of it in the page's policy; and what Sentry wants to be spared.
#include "server/http/client_request.hpp"
#include "server/http/security_headers.hpp"
#include "server/sentry/dsn.hpp"
#include "server/sentry/rate_limits.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::sentry;

std::string policy_with(std::string origin) {
    http::SecurityPolicy policy{.sdk_origin = "https://sdk.example", .sentry_origin = std::move(origin)};
    return std::string(*http::page_headers(policy).find("Content-Security-Policy"));
}

void check_dsn(std::string_view text) {
    const auto dsn = parse_dsn(text);
    if (!dsn) return;
    require(dsn->origin.find_first_of(" \t\r\n;,'\"*@?#\\%") == dsn->origin.npos, "an origin is one word");
    require(http::parse_origin(dsn->origin).has_value(), "an origin our client connects to");
    auto policy = policy_with(dsn->origin);
    const auto at = policy.find(" " + dsn->origin, policy.find("connect-src"));
    require(at != policy.npos, "the page may report there");
    require(policy.erase(at, dsn->origin.size() + 1) == policy_with(""), "and nothing else changes");

    const auto target = dsn->envelope_target();
    require(target.starts_with('/') && target.find_first_of(" \r\n?#.%") == target.npos, "a clean target");
    require(target.find("//") == target.npos, "a target, not a host");
    const auto scheme = dsn->origin.find("://") + 3;
    require(dsn->origin.substr(0, scheme) + dsn->key + "@" + dsn->origin.substr(scheme) + dsn->path + "/" +
                    dsn->project ==
                text,
            "every character has a place");
}

void check_limits(std::string_view field) {
    constexpr std::int64_t now = 1'700'000'000'000;
    constexpr std::int64_t day = 24LL * 3'600 * 1'000;
    for (const auto* name : {"X-Sentry-Rate-Limits", "Retry-After"}) {
        http::ClientResponse answer{429, {}, ""};
        answer.headers.add(name, std::string(field));
        RateLimits limits;
        limits.learn(answer, now);
        for (const auto* category : {"error", "session"}) {
            require(!limits.limits(category, now + day), "a day at most");
            require(!limits.limits("", now) || limits.limits(category, now), "all means each");
        }
    }
}

void run(std::string_view input) {
    check_dsn(input);
    check_limits(input);
}

const Registration registration({"sentry", run});

}  // namespace
}  // namespace cadenza::fuzz
