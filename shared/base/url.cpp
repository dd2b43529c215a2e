#include "shared/base/url.hpp"

#include <algorithm>

namespace cadenza {
namespace {

constexpr std::size_t max_length = 2048;

// "127.0.0.1" of "127.0.0.1:8000/x", "[::1]" of "[::1]:8000".
std::string_view host_of(std::string_view rest) {
    if (rest.starts_with('[')) return rest.substr(0, rest.find(']') + 1);
    return rest.substr(0, rest.find_first_of(":/?#"));
}

bool is_loopback(std::string_view host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    const Error problem{Errc::invalid_value, "https URL expected"};
    if (text.size() > max_length) return problem;
    const bool https = text.starts_with("https://");
    if (!https && !text.starts_with("http://")) return problem;
    const auto rest = text.substr(https ? 8 : 7);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto host = host_of(rest);
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c != 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`';
    });
    if (!clean || host.empty() || authority.find('@') != authority.npos) return problem;
    if (!https && !is_loopback(host)) return problem;
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
