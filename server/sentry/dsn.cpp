#include "server/sentry/dsn.hpp"

#include "server/http/client_request.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::sentry {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_host_char(char c) { return is_alnum(c) || c == '.' || c == '-'; }
bool is_path_char(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '/'; }

template <class Check>
bool consists_of(std::string_view text, Check check) {
    return !text.empty() && std::all_of(text.begin(), text.end(), check);
}

bool is_port(std::string_view text) {
    int port{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    return ec == std::errc{} && end == text.data() + text.size() && consists_of(text, is_digit) && port > 0 &&
           port < 65'536;
}

bool is_authority(std::string_view text) {
    if (text.starts_with("[::1]")) return text.size() == 5 || (text[5] == ':' && is_port(text.substr(6)));
    const auto colon = text.find(':');
    return consists_of(text.substr(0, colon), is_host_char) &&
           (colon == text.npos || is_port(text.substr(colon + 1)));
}

}  // namespace

std::optional<Dsn> parse_dsn(std::string_view text) {
    const auto scheme = text.find("://");
    const auto at = text.find('@');
    if (scheme == text.npos || at == text.npos || at < scheme + 3) return std::nullopt;
    const auto slash = text.find('/', at);
    const auto last = text.rfind('/');
    if (slash == text.npos) return std::nullopt;

    const auto key = text.substr(scheme + 3, at - scheme - 3);
    const auto authority = text.substr(at + 1, slash - at - 1);
    const auto path = text.substr(slash, last - slash);
    const auto project = text.substr(last + 1);
    if (!consists_of(key, is_alnum) || !is_authority(authority) || !consists_of(project, is_digit))
        return std::nullopt;
    if (!path.empty() &&
        (!consists_of(path, is_path_char) || path.find("//") != path.npos || path.ends_with('/')))
        return std::nullopt;
    Dsn out{std::string(text.substr(0, scheme + 3)) + std::string(authority), std::string(path),
            std::string(key), std::string(project)};
    if (!http::parse_origin(out.origin)) return std::nullopt;  // https, or http on a loopback address
    return out;
}

}  // namespace cadenza::sentry
