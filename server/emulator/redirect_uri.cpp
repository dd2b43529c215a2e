#include "server/emulator/redirect_uri.hpp"

#include "server/emulator/values.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr auto npos = std::string_view::npos;

// "http://127.0.0.1:8000/x" → scheme "http", host "127.0.0.1", port "8000", rest "/x"
struct Address {
    std::string_view scheme, host, port, rest;
};

bool is_host(std::string_view host) {
    if (host == "[::1]") return true;
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-';
    });
}

bool is_port(std::string_view port) {
    const auto number = to_number(port);
    return number && *number > 0 && *number <= 65'535 && port.front() >= '0';
}

// Browsers read '\' as '/' and what stands before '@' as a name: either would move the host.
std::optional<Address> parse_address(std::string_view uri) {
    const bool plain = std::all_of(uri.begin(), uri.end(),
                                   [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '#'; });
    const auto slashes = uri.find("://");
    if (!plain || slashes == npos) return std::nullopt;
    Address out{.scheme = uri.substr(0, slashes)};
    auto authority = uri.substr(slashes + 3);
    const auto end = authority.find_first_of("/?");
    if (end != npos) out.rest = authority.substr(end);
    authority = authority.substr(0, end);
    const auto colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
    out.host = authority.substr(0, colon);
    if (colon != npos) {
        out.port = authority.substr(colon + 1);
        if (!is_port(out.port)) return std::nullopt;
    }
    return is_host(out.host) ? std::optional(out) : std::nullopt;
}

bool is_loopback(const Address& address) {
    return address.scheme == "http" && (address.host == "127.0.0.1" || address.host == "[::1]");
}

}  // namespace

bool is_secure_redirect(std::string_view uri) {
    const auto address = parse_address(uri);
    return address && (address->scheme == "https" || is_loopback(*address));
}

bool is_loopback_redirect(std::string_view uri) {
    const auto address = parse_address(uri);
    return address && is_loopback(*address);
}

bool is_same_redirect(std::string_view registered, std::string_view uri) {
    const auto given = parse_address(uri);
    const auto wanted = parse_address(registered);
    if (!given || !wanted) return false;
    if (registered == uri) return true;
    return is_loopback(*wanted) && is_loopback(*given) && wanted->port.empty() &&
           wanted->host == given->host && wanted->rest == given->rest;
}

}  // namespace cadenza::emulator
