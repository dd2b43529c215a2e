#pragma once

// Spotify as this server sees it: reachable, and willing to give this app tokens. And the clock, by the date
// of its answer.

#include "server/doctor/finding.hpp"

#include <chrono>
#include <string_view>

namespace cadenza::server::doctor {

// What came of one request.
struct Asked {
    int status{};             // 0: no answer
    std::string unreachable;  // why there was none
    std::string body;
    std::string content_type{};  // "text/html; charset=utf-8", "" without one
    // How far this machine's clock is ahead of the answer's date, which counts whole seconds.
    std::optional<std::chrono::milliseconds> ahead;
};

// Milliseconds since 1970 of "Tue, 24 Nov 2026 01:02:03 GMT" (RFC 9110, 5.6.7); nullopt for anything else.
std::optional<std::int64_t> parse_http_date(const std::string& text);

// `check` is "accounts" or "api", `name` the variable that says where it is.
Finding service(const std::string& check, const std::string& name, const Asked& asked);
// Of POST /api/token with grant_type=client_credentials.
Finding credentials(const Config& config, const Asked& asked);
// How far this machine's clock is ahead of somebody else's.
Finding clock(std::optional<std::chrono::milliseconds> ahead);

}  // namespace cadenza::server::doctor
