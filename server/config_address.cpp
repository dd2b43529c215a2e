#include "server/config_address.hpp"

#include "server/base/ascii.hpp"
#include "shared/api/pages.hpp"
#include "shared/base/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <libpsl.h>

namespace cadenza::server {
namespace {

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Addresses have no registrable domain, though the list finds one in their last two numbers.
bool is_address(const std::string& host) {
    return host.starts_with('[') || is_number(std::string_view(host).substr(host.rfind('.') + 1));
}

std::string registrable_domain(const std::string& host) {
    if (is_address(host)) return host;
    const auto* list = psl_builtin();
    const char* domain = list ? psl_registrable_domain(list, host.c_str()) : nullptr;
    return domain ? domain : host;
}

std::string scheme_of(const std::string& address) { return address.substr(0, address.find(':')); }

bool is_own_path(const std::string& path) {
    constexpr std::array reserved{"/api",    "/auth/login", "/auth/logout", "/auth/disconnect",
                                  "/assets", "/_demo",      "/livez",       "/readyz",
                                  "/icons"};
    const bool taken = std::any_of(reserved.begin(), reserved.end(), [&](const std::string& own) {
        return path == own || path.starts_with(own + "/");
    });
    return taken || is_page(path) || path.find('.') != path.npos;
}

// Whether it arrives as it was written: nothing to decode, to encode or to merge on the way.
bool is_plain_path(const std::string& path) {
    return path.find("//") == path.npos && std::all_of(path.begin(), path.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '/' || c == '-' || c == '_' || c == '~' || c == '.';
           });
}

}  // namespace

std::string origin_of(std::string_view address) {
    const auto parsed = Url::parse(address);
    return parsed ? std::string(parsed->origin()) : std::string();
}

std::string host_of(std::string_view address) {
    auto rest = address.substr(std::min(address.size(), address.find("//") + 2));
    if (rest.starts_with('[')) return std::string(rest.substr(0, rest.find(']') + 1));
    return std::string(rest.substr(0, rest.find_first_of(":/?#")));
}

std::string path_of(const std::string& address) {
    const auto begin = address.find('/', address.find("//") + 2);
    return begin == address.npos ? "/" : address.substr(begin, address.find_first_of("?#", begin) - begin);
}

bool is_loopback(std::string_view host) { return host == "127.0.0.1" || host == "[::1]" || host == "::1"; }

std::string as_browsers_write(const std::string& origin) {
    const auto scheme = scheme_of(origin);
    const auto host = host_of(origin);
    auto out = scheme + "://" + lower(host);
    const auto port = std::string_view(origin).substr(scheme.size() + 3 + host.size());
    if (port.empty()) return out;
    int number{};
    std::from_chars(port.begin() + 1, port.end(), number);
    const int usual = scheme == "https" ? 443 : 80;
    return number == usual ? out : out + ":" + std::to_string(number);
}

bool is_same_site(const std::string& a, const std::string& b) {
    return scheme_of(a) == scheme_of(b) && registrable_domain(host_of(a)) == registrable_domain(host_of(b));
}

std::optional<std::string> redirect_problem(const std::string& uri) {
    const auto host = host_of(uri);
    if (host == "localhost") {
        auto right = uri;
        right.replace(right.find("localhost"), 9, "127.0.0.1");
        return "Spotify refuses localhost; \"" + right + "\" would be right, there and here";
    }
    const auto origin = origin_of(uri);
    if (origin.empty() || uri.find_first_of("?#") != uri.npos)
        return "\"" + uri +
               "\" will not do: https://host/path expected, or http with a loopback address, such as "
               "http://127.0.0.1:8000/auth/callback";
    if (const auto right = as_browsers_write(origin); right != origin)
        return "browsers write \"" + origin + "\" otherwise; \"" + right + uri.substr(origin.size()) +
               "\" would be right, at Spotify and here";
    const auto path = path_of(uri);
    if (!is_plain_path(path))
        return "the path \"" + path +
               "\" may arrive spelled otherwise; letters, digits, - and _ between single slashes would be "
               "right";
    if (is_own_path(path))
        return "the path \"" + path + "\" is one of the app's own; /auth/callback would be right";
    return std::nullopt;
}

}  // namespace cadenza::server
