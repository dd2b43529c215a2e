#include "server/http/client_request.hpp"

#include <algorithm>

namespace cadenza::http {

std::optional<Origin> parse_origin(std::string_view text) {
    Origin out;
    out.tls = text.starts_with("https://");
    if (!out.tls && !text.starts_with("http://")) return std::nullopt;
    const auto authority = text.substr(out.tls ? 8 : 7);
    out.authority = authority;
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    auto host = authority.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    out.host = host;
    out.port = colon == authority.npos ? (out.tls ? "443" : "80") : std::string(authority.substr(colon + 1));
    const bool loopback = host == "127.0.0.1" || host == "::1" || host == "localhost";
    if (host.empty() || (!out.tls && !loopback)) return std::nullopt;
    return out;
}

std::string render(const ClientRequest& request, std::string_view authority) {
    std::string out = std::string(name(request.method)) + " " + request.target +
                      " HTTP/1.1\r\nHost: " + std::string(authority) + "\r\n";
    for (const auto& [name, value] : request.headers)
        out.append(name).append(": ").append(value).append("\r\n");
    // Spotify refuses writes without a length, even empty ones.
    if (!is_read(request.method)) out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    out += "\r\n";
    out += request.body;
    return out;
}

bool is_writable(const ClientRequest& request) {
    const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
    const auto& target = request.target;
    if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), visible)) return false;
    return std::all_of(request.headers.begin(), request.headers.end(), [&](const Headers::Line& line) {
        const auto& [name, value] = line;
        return !name.empty() && std::all_of(name.begin(), name.end(), visible) &&
               name.find(':') == name.npos &&
               value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
    });
}

}  // namespace cadenza::http
