#include "server/doctor/addresses.hpp"

namespace cadenza::server::doctor {
namespace {

Finding unreachable(const std::string& check, const std::string& origin, const std::string& name,
                    const Asked& asked) {
    return {check, State::warning, origin + " cannot be reached from here: " + asked.unreachable,
            "see that DNS, the proxy and the certificate with its chain are right for " + name +
                "; what is not running yet is no mistake"};
}

}  // namespace

std::string backend_question(const Config& config) {
    return config.backend_url.empty() ? "" : config.backend_url + "/livez";
}

std::string frontend_question(const Config& config) {
    return config.frontend_url == config.own_origin ? "" : config.frontend_url + "/";
}

Finding backend_address(const Config& config, const Asked& asked) {
    const std::string check = "backend_url";
    const auto& origin = config.backend_url;
    if (origin.empty()) return {check, State::skipped, "not set: the client calls its own origin", ""};
    if (asked.status == 0) return unreachable(check, origin, "BACKEND_URL", asked);
    if (asked.status == 200 && asked.body == "alive\n")
        return {check, State::ok, "a server of Cadenza answers at " + origin, ""};
    return {check, State::warning,
            origin + "/livez answered " + std::to_string(asked.status) + ", and not as this server does",
            "let BACKEND_URL name this server, and its proxy pass every path on"};
}

Finding frontend_address(const Config& config, const Asked& asked) {
    const std::string check = "frontend_url";
    const auto& origin = config.frontend_url;
    if (origin == config.own_origin)
        return {check, State::skipped, "the client is at this server's own origin", ""};
    if (asked.status == 0) return unreachable(check, origin, "FRONTEND_URL", asked);
    const auto answered = origin + "/ answered " + std::to_string(asked.status);
    if (asked.status >= 300 && asked.status < 400)
        return {check, State::warning, answered + ", which leads elsewhere",
                "let FRONTEND_URL name the origin that browsers end at"};
    if (asked.status != 200 || !asked.content_type.starts_with("text/html"))
        return {check, State::warning, answered + (asked.status == 200 ? " without a page" : ""),
                "put the built client there, or correct FRONTEND_URL"};
    return {check, State::ok, "a page is at " + origin, ""};
}

}  // namespace cadenza::server::doctor
