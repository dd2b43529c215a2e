#include "shared/base/text.hpp"

#include <array>

namespace cadenza {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Lead {
    int more;  // bytes that follow
    unsigned char
        low;  // the least and greatest second byte: no overlong forms, surrogates, or above U+10FFFF
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

// Base letters of U+00C0..U+017F; '?' stays itself, '.' is written out in fold_special.
constexpr std::string_view latin_base =
    "aaaaaa.ceeeeiiiidnooooo?ouuuuy..aaaaaa.ceeeeiiiidnooooo?ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnn??oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

// Base letters of U+1E00..U+1EFF: Latin Extended Additional, with Vietnamese.
constexpr std::string_view latin_more =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
    "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas????aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????";

std::string_view fold_special(char32_t c) {
    switch (c) {
        case 0xC6:
        case 0xE6: return "ae";
        case 0xDE:
        case 0xFE: return "th";
        case 0xDF: return "ss";
        case 0x132:
        case 0x133: return "ij";
        case 0x152:
        case 0x153: return "oe";
        default: return {};
    }
}

// Greek and Cyrillic letters to their plain lower-case form; anything else unchanged.
char32_t fold_letter(char32_t c) {
    switch (c) {
        case 0x386:
        case 0x3AC: return 0x3B1;
        case 0x388:
        case 0x3AD: return 0x3B5;
        case 0x389:
        case 0x3AE: return 0x3B7;
        case 0x38A:
        case 0x390:
        case 0x3AA:
        case 0x3AF:
        case 0x3CA: return 0x3B9;
        case 0x38C:
        case 0x3CC: return 0x3BF;
        case 0x38E:
        case 0x3AB:
        case 0x3B0:
        case 0x3CB:
        case 0x3CD: return 0x3C5;
        case 0x38F:
        case 0x3CE: return 0x3C9;
        case 0x3C2: return 0x3C3;
        case 0x401:
        case 0x451: return 0x435;
        case 0x419:
        case 0x439: return 0x438;
        default: break;
    }
    if (c >= 0x391 && c <= 0x3A9) return c + 0x20;
    if (c >= 0x400 && c <= 0x40F) return c + 0x50;
    if (c >= 0x410 && c <= 0x42F) return c + 0x20;
    return c;
}

bool is_separator(char32_t c) {
    return c == 0xA0 || c == 0xA1 || c == 0xAB || c == 0xB7 || c == 0xBB || c == 0xBF ||
           (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3011);
}

void append_folded(std::string& out, char32_t c) {
    if (c >= 0xC0 && c <= 0x17F && c - 0xC0 < latin_base.size()) {
        const char base = latin_base[c - 0xC0];
        if (base == '.') {
            out += fold_special(c);
            return;
        }
        if (base != '?') {
            out += base;
            return;
        }
    }
    if (c >= 0x1E00 && c <= 0x1EFF && c - 0x1E00 < latin_more.size() && latin_more[c - 0x1E00] != '?') {
        out += latin_more[c - 0x1E00];
        return;
    }
    append_utf8(out, fold_letter(c));
}

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
        while (plain < text.size()) {
            const auto c = static_cast<unsigned char>(text[plain]);
            if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\' || c == '<') break;
            ++plain;
        }
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

std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool gap = false;
    while (!text.empty()) {
        const auto c = take_code_point(text);
        if (c >= 0x300 && c <= 0x36F) continue;  // combining diacritics
        if (c == '\'' || c == 0x2019) continue;  // "don't" is one word
        const bool ascii_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if ((c < 0x80 && !ascii_word) || is_separator(c)) {
            gap = true;
            continue;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        if (c < 0x80)
            out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
        else
            append_folded(out, c);
    }
    return out;
}

bool matches_words(std::string_view folded_text, std::string_view folded_query) noexcept {
    while (!folded_query.empty()) {
        const auto space = folded_query.find(' ');
        const auto word = folded_query.substr(0, space);
        folded_query.remove_prefix(space == folded_query.npos ? folded_query.size() : space + 1);
        if (word.empty()) continue;
        auto at = folded_text.find(word);
        while (at != folded_text.npos && at > 0 && folded_text[at - 1] != ' ')
            at = folded_text.find(word, at + 1);
        if (at == folded_text.npos) return false;
    }
    return true;
}

}  // namespace cadenza
