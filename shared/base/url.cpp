#include "shared/base/url.hpp"

#include <algorithm>

namespace cadenza {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
}
// Nothing that ends an attribute or that a browser would rewrite.
bool is_clean(char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`';
}

template <class Test>
bool all(std::string_view text, Test test) {
    return std::all_of(text.begin(), text.end(), test);
}

// "127.0.0.1" of "127.0.0.1:8000", "[::1]" of "[::1]:8000".
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.find(':'));
}

bool is_host(std::string_view host) {
    if (!host.starts_with('[')) return !host.empty() && all(host, is_name);
    return host.size() > 2 &&
           all(host.substr(1, host.size() - 2), [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

bool is_loopback(std::string_view host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

// What follows the host: nothing, or ":8000".
bool is_port(std::string_view text) {
    return text.empty() ||
           (text.front() == ':' && text.size() >= 2 && text.size() <= 6 && all(text.substr(1), is_digit));
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    const auto problem = [] { return Error{Errc::invalid_value, "https URL expected"}; };
    const bool https = text.starts_with("https://");
    if (text.size() > max_length || (!https && !text.starts_with("http://"))) return problem();
    const auto rest = text.substr(https ? 8 : 7);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto host = host_of(authority);
    if (!is_host(host) || !is_port(authority.substr(host.size()))) return problem();
    if (!all(rest.substr(authority.size()), is_clean) || (!https && !is_loopback(host))) return problem();
    Url url;
    url.text_ = text;
    return url;
}

std::string_view Url::origin() const noexcept {
    const std::string_view text = text_;
    const auto slashes = text.find("//");
    if (slashes == text.npos) return {};
    return text.substr(0, text.find_first_of("/?#", slashes + 2));
}

}  // namespace cadenza
