#include "server/http/cookies.hpp"

#include <algorithm>

namespace cadenza::http {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F &&
               std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
    });
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

bool is_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
    });
}

}  // namespace

std::vector<Cookie> cookies_of(const Request& request) {
    std::vector<Cookie> out;
    auto rest = request.header("Cookie");
    while (!rest.empty()) {
        const auto end = rest.find(';');
        auto pair = rest.substr(0, end);
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        while (!pair.empty() && is_space(pair.front())) pair.remove_prefix(1);
        while (!pair.empty() && is_space(pair.back())) pair.remove_suffix(1);
        const auto equals = pair.find('=');
        if (equals == pair.npos) continue;
        const auto name = pair.substr(0, equals);
        const auto value = pair.substr(equals + 1);
        if (is_name(name) && is_value(value)) out.push_back({std::string(name), std::string(value)});
    }
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
