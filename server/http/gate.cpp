#include "server/http/gate.hpp"

#include "shared/base/query.hpp"

namespace cadenza::http {
namespace {

std::string_view host_of(std::string_view origin) { return origin.substr(origin.find("//") + 2); }

std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool is_loopback(std::string_view host) {
    const auto name = without_port(host);
    return name == "127.0.0.1" || name == "[::1]";
}

// The inverse of the guard's decode_path().
std::string encode_path(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        path.remove_prefix(1);  // '/'
        const auto slash = path.find('/');
        out += "/" + percent_encode(path.substr(0, slash));
        path.remove_prefix(slash == path.npos ? path.size() : slash);
    }
    return out;
}

// With a loopback own origin, other names for this machine are other origins: cookies and redirect URIs would
// not match, and a name an attacker controls may resolve here (DNS rebinding).
std::optional<Decision> check_host(const Request& request, const GateRules& rules) {
    const auto own = host_of(rules.own_origin);
    if (!is_loopback(own)) return std::nullopt;
    const auto host = request.header("Host");
    if (host == own) return std::nullopt;
    if (without_port(host) == "localhost" && request.path != "*") {
        auto location =
            rules.own_origin + encode_path(request.path) + (request.query.empty() ? "" : "?" + request.query);
        return Response::redirect(std::move(location), 308);
    }
    if (request.path == "/livez" || request.path == "/readyz") return std::nullopt;
    return Response::text(421, "This server is reached at " + rules.own_origin + "\n");
}

Failure refuse_origin(std::string detail) { return {ProblemCode::origin_refused, std::move(detail), {}, {}}; }

Decision answer_preflight(bool good_origin) {
    if (!good_origin) return refuse_origin("Only the app's own page may call.");
    auto response = Response::empty(204);
    response.headers.add("Access-Control-Allow-Methods", "GET, POST, DELETE");
    response.headers.add("Access-Control-Allow-Headers",
                         "Content-Type, Priority, X-Cadenza, X-Cadenza-Account");
    response.headers.add("Access-Control-Max-Age", "600");
    return response;
}

std::optional<Failure> check_write(const Request& request, bool good_origin) {
    if (!good_origin) return refuse_origin("Only the app's own page may do this.");
    if (request.header("X-Cadenza") == "1") return std::nullopt;
    return Failure{ProblemCode::header_missing, "The header X-Cadenza: 1 is missing.", {}, {}};
}

std::optional<Failure> check_read(const Request& request, bool good_origin) {
    const auto is_other_than = [&](std::string_view field, std::string_view expected) {
        const auto value = request.headers.find(field);
        return value && *value != expected;
    };
    const auto site = request.header("Sec-Fetch-Site");
    const bool foreign = site == "cross-site" || (site == "same-site" && !good_origin);
    if (foreign && is_under(request.path, "/api")) return refuse_origin("Another site may not read this.");
    if (request.path == "/auth/login" &&
        (is_other_than("Sec-Fetch-Mode", "navigate") || is_other_than("Sec-Fetch-Dest", "document")))
        return refuse_origin("Signing in begins with a navigation.");
    return std::nullopt;
}

}  // namespace

Decision gate(const Request& request, const GateRules& rules) {
    if (auto decided = check_host(request, rules)) return std::move(*decided);
    const auto origin = request.headers.find("Origin");
    const bool good_origin = origin && *origin == rules.frontend_origin;

    if (request.method == Method::options && request.headers.count("Access-Control-Request-Method") > 0)
        return answer_preflight(good_origin);
    auto failure =
        is_safe(request.method) ? check_read(request, good_origin) : check_write(request, good_origin);
    if (failure) return std::move(*failure);
    return Pass{};
}

void add_cors(const Request& request, const GateRules& rules, Response& response) {
    if (!is_programs(request.path)) return;
    response.headers.add("Vary", "Origin");
    if (request.header("Origin") != rules.frontend_origin || rules.frontend_origin == rules.own_origin)
        return;
    response.headers.set("Access-Control-Allow-Origin", rules.frontend_origin);
    response.headers.set("Access-Control-Allow-Credentials", "true");
    response.headers.set("Access-Control-Expose-Headers",
                         "RateLimit, RateLimit-Policy, Retry-After, X-Request-Id");
}

}  // namespace cadenza::http
