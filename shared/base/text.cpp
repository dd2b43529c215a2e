#include "shared/base/text.hpp"

#include <array>

namespace cadenza {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Lead {
    int more;  // bytes that follow
    // The least and greatest second byte: no overlong forms, surrogates, or above U+10FFFF.
    unsigned char low;
    unsigned char high;
};

constexpr Lead lead_of(unsigned char byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
    if (byte == 0xE0) return {2, 0xA0, 0xBF};
    if (byte == 0xED) return {2, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
    if (byte == 0xF0) return {3, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
    if (byte == 0xF4) return {3, 0x80, 0x8F};
    return {0, 0, 0};
}

// What a JSON string of ours holds as it is.
constexpr std::array<bool, 256> plain_in_json = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) out[c] = c != '"' && c != '\\' && c != '<';
    return out;
}();

}  // namespace

char32_t take_code_point(std::string_view& text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (first < 0x80) return first;
    const auto lead = lead_of(first);
    if (lead.more == 0) return replacement;
    char32_t value = first & (0x3Fu >> lead.more);
    for (int i = 0; i < lead.more; ++i) {
        if (text.empty()) return replacement;
        const auto byte = static_cast<unsigned char>(text.front());
        if (byte < (i == 0 ? lead.low : 0x80) || byte > (i == 0 ? lead.high : 0xBF)) return replacement;
        text.remove_prefix(1);
        value = value << 6 | (byte & 0x3Fu);
    }
    return value;
}

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80u | ((c >> shift) & 0x3Fu)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0u | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0u | (c >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0u | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && plain_in_json[static_cast<unsigned char>(text[plain])]) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto c = take_code_point(text);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c < 0x20 || c == '<' || c == 0x7F || c == 0x2028 || c == 0x2029) {
            out += "\\u";
            for (int shift = 12; shift >= 0; shift -= 4) out += hex[(c >> shift) & 0xF];
        } else {
            append_utf8(out, c);
        }
    }
    out += '"';
}

std::string_view first_characters(std::string_view text, std::size_t most) noexcept {
    auto rest = text;
    for (std::size_t i = 0; i < most && !rest.empty(); ++i) take_code_point(rest);
    return text.substr(0, text.size() - rest.size());
}

std::size_t count_characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count) take_code_point(text);
    return count;
}

}  // namespace cadenza
