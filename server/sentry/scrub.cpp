#include "server/sentry/scrub.hpp"

#include "server/base/ascii.hpp"

#include <algorithm>
#include <array>

namespace cadenza::sentry {
namespace {

constexpr std::string_view redacted = "[redacted]";
constexpr std::size_t token_size = 20;  // shorter ones open nothing

constexpr std::array<std::string_view, 11> secret_names{"authorization", "code",  "cookie",   "credential",
                                                        "dsn",           "key",   "password", "secret",
                                                        "sid",           "state", "token"};

// "Set-Cookie", "access_token", "sid".
bool is_secret(std::string_view name) {
    const auto text = server::lower(name);
    return std::any_of(secret_names.begin(), secret_names.end(),
                       [&](std::string_view secret) { return text.ends_with(secret); });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_token_char(char c) {
    return is_digit(c) || is_letter(c) || c == '_' || c == '-' || c == '+' || c == '~' || c == '%';
}

bool looks_like_token(std::string_view run) {
    return run.size() >= token_size && std::any_of(run.begin(), run.end(), is_digit) &&
           std::any_of(run.begin(), run.end(), is_letter);
}

std::string without_tokens(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto* end = std::find_if_not(text.begin(), text.end(), is_token_char);
        const auto run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        out += looks_like_token(run) ? redacted : run;
        text.remove_prefix(run.size());
        if (text.empty()) break;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

// One word, without blanks.
std::string scrub_word(std::string_view word) {
    if (const auto query = word.find('?'); query != word.npos)
        return scrub_word(word.substr(0, query)) + "?" + std::string(redacted);
    for (auto equals = word.find_first_of("=:"); equals != word.npos;
         equals = word.find_first_of("=:", equals + 1)) {
        auto name = word.substr(0, equals);
        while (name.ends_with('"') || name.ends_with('\'')) name.remove_suffix(1);
        if (is_secret(name)) return without_tokens(word.substr(0, equals + 1)) + std::string(redacted);
    }
    return without_tokens(word);
}

// What is followed by a secret of another word: "Bearer x", "Cookie: x".
bool announces_secret(std::string_view word) {
    const auto text = server::lower(word);
    if (text.ends_with("bearer") || text.ends_with("basic")) return true;
    return text.ends_with(':') && is_secret(std::string_view(text).substr(0, text.size() - 1));
}

}  // namespace

std::string scrub(std::string_view name, std::string_view value) {
    if (is_secret(name)) return std::string(redacted);
    std::string out;
    bool hidden = false;  // the word that comes
    while (!value.empty()) {
        const auto end = std::min(value.find_first_of(" \t\r\n"), value.size());
        const auto word = value.substr(0, end);
        const bool announces = announces_secret(word);
        out += hidden && !announces && !word.empty() ? std::string(redacted) : scrub_word(word);
        if (!word.empty()) hidden = announces;
        value.remove_prefix(end);
        if (value.empty()) break;
        out += value.front();
        value.remove_prefix(1);
    }
    return out;
}

}  // namespace cadenza::sentry
