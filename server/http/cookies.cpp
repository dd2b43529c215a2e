#include "server/http/cookies.hpp"

#include <algorithm>
#include <array>

namespace cadenza::http {
namespace {

using Bytes = std::array<bool, 256>;

// Visible ASCII but for `others`.
constexpr Bytes visible_without(std::string_view others) {
    Bytes out{};
    for (std::size_t c = 0x21; c < 0x7F; ++c) out[c] = others.find(static_cast<char>(c)) == others.npos;
    return out;
}
constexpr auto name_bytes = visible_without("\"(),/:;<=>?@[\\]{}");
constexpr auto value_bytes = visible_without("\",;\\");

bool consists_of(const Bytes& bytes, std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return bytes[static_cast<unsigned char>(c)]; });
}

bool is_name(std::string_view text) { return !text.empty() && consists_of(name_bytes, text); }
bool is_space(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::optional<CookieView> take_cookie(std::string_view& rest) {
    while (!rest.empty()) {
        const auto end = rest.find(';');
        auto pair = rest.substr(0, end);
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        while (!pair.empty() && is_space(pair.front())) pair.remove_prefix(1);
        while (!pair.empty() && is_space(pair.back())) pair.remove_suffix(1);
        const auto equals = pair.find('=');
        if (equals == pair.npos || !is_name(pair.substr(0, equals))) continue;
        const auto value = pair.substr(equals + 1);
        return CookieView{pair.substr(0, equals),
                          consists_of(value_bytes, value) ? std::optional(value) : std::nullopt};
    }
    return std::nullopt;
}

std::vector<Cookie> cookies_of(const Request& request) {
    std::vector<Cookie> out;
    auto rest = request.header("Cookie");
    while (const auto cookie = take_cookie(rest))
        if (cookie->value) out.push_back({std::string(cookie->name), std::string(*cookie->value)});
    return out;
}

std::string render(const SetCookie& cookie) {
    std::string out = cookie.name + "=" + cookie.value + "; Path=/; HttpOnly";
    if (cookie.secure) out += "; Secure";
    out += cookie.same_site == SameSite::strict ? "; SameSite=Strict" : "; SameSite=Lax";
    if (cookie.max_age) out += "; Max-Age=" + std::to_string(cookie.max_age->count());
    return out;
}

void AnswerCookies::set(std::string line) {
    const auto name = line.substr(0, line.find('=') + 1);
    std::erase_if(lines_, [&](const std::string& earlier) { return earlier.starts_with(name); });
    lines_.push_back(std::move(line));
}

}  // namespace cadenza::http
