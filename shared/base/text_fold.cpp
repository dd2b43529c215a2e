// What search compares: see fold() in text.hpp.
#include "shared/base/text.hpp"

namespace cadenza {
namespace {

// Base letters of Latin blocks: '?' has none and is only lower-cased, '.' is written out in fold_special.
struct Latin {
    char32_t first;
    std::string_view base;
};
constexpr Latin latin[] = {
    // Latin-1, Extended-A, Extended-B
    {0xC0,
     "aaaaaa.ceeeeiiiidnooooo?ouuuuy..aaaaaa.ceeeeiiiidnooooo?ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
     "gggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
     "bbbb???ccdddd????ffg?.?ikkl??nnooo??pp?????ttttuu?vyyzz?????????????.........aaiioouuuuuuuuuu?aaaa.."
     "gggg"
     "kkoooo??j...gg.?nnaa..ooaaaaeeeeiiiioooorrrruuuusstt??hhnd??zzaaeeooooooooyylntj??accltsz??bu?"
     "eejjqqrryy"},
    // Extended Additional, with Vietnamese
    {0x1E00,
     "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
     "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasss.?aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
     "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????"},
};

std::string_view fold_special(char32_t c) {
    switch (c) {
        case 0xC6:
        case 0xE6:
        case 0x1E2:
        case 0x1E3:
        case 0x1FC:
        case 0x1FD: return "ae";
        case 0xDE:
        case 0xFE: return "th";
        case 0xDF:
        case 0x1E9E: return "ss";
        case 0x132:
        case 0x133: return "ij";
        case 0x152:
        case 0x153: return "oe";
        case 0x195:
        case 0x1F6: return "hv";
        case 0x1C4:
        case 0x1C5:
        case 0x1C6:
        case 0x1F1:
        case 0x1F2:
        case 0x1F3: return "dz";
        case 0x1C7:
        case 0x1C8:
        case 0x1C9: return "lj";
        case 0x1CA:
        case 0x1CB:
        case 0x1CC: return "nj";
        default: return {};
    }
}

struct Letter {
    char16_t from;
    char16_t to;
};
// Latin letters without a base letter, in lower case; Greek and Cyrillic ones without their diacritics.
constexpr Letter letters[] = {
    {0x184, 0x185},   {0x186, 0x254},   {0x18E, 0x1DD}, {0x18F, 0x259}, {0x190, 0x25B}, {0x194, 0x263},
    {0x196, 0x269},   {0x19C, 0x26F},   {0x1A2, 0x1A3}, {0x1A6, 0x280}, {0x1A7, 0x1A8}, {0x1A9, 0x283},
    {0x1B1, 0x28A},   {0x1B7, 0x292},   {0x1B8, 0x1B9}, {0x1BC, 0x1BD}, {0x1EE, 0x292}, {0x1EF, 0x292},
    {0x1F7, 0x1BF},   {0x21C, 0x21D},   {0x222, 0x223}, {0x241, 0x242}, {0x245, 0x28C}, {0x1EFA, 0x1EFB},
    {0x1EFC, 0x1EFD}, {0x1EFE, 0x1EFF}, {0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9},
    {0x38C, 0x3BF},   {0x38E, 0x3C5},   {0x38F, 0x3C9}, {0x390, 0x3B9}, {0x3AA, 0x3B9}, {0x3AB, 0x3C5},
    {0x3AC, 0x3B1},   {0x3AD, 0x3B5},   {0x3AE, 0x3B7}, {0x3AF, 0x3B9}, {0x3B0, 0x3C5}, {0x3C2, 0x3C3},
    {0x3CA, 0x3B9},   {0x3CB, 0x3C5},   {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}, {0x439, 0x438},
    {0x450, 0x435},   {0x451, 0x435},   {0x453, 0x433}, {0x457, 0x456}, {0x45C, 0x43A}, {0x45D, 0x438},
    {0x45E, 0x443},   {0x477, 0x475},   {0x491, 0x433}, {0x4C2, 0x436}, {0x4D1, 0x430}, {0x4D3, 0x430},
    {0x4D7, 0x435},   {0x4DB, 0x4D9},   {0x4DD, 0x436}, {0x4DF, 0x437}, {0x4E3, 0x438}, {0x4E5, 0x438},
    {0x4E7, 0x43E},   {0x4EB, 0x4E9},   {0x4ED, 0x44D}, {0x4EF, 0x443}, {0x4F1, 0x443}, {0x4F3, 0x443},
    {0x4F5, 0x447},   {0x4F9, 0x44B},
};

// Cyrillic from U+0400 on. The historic and the non-Slavic letters come in pairs.
char32_t cyrillic_lower(char32_t c) {
    if (c < 0x400 || c > 0x52F) return c;
    if (c <= 0x40F) return c + 0x50;
    if (c <= 0x42F) return c + 0x20;
    if (c == 0x4C0) return 0x4CF;
    const bool odd_is_upper = c >= 0x4C1 && c <= 0x4CE;
    const bool paired = (c >= 0x460 && c <= 0x481) || c >= 0x48A;
    return paired && c != 0x4CF && (c % 2 == 1) == odd_is_upper ? c + 1 : c;
}

// Letters outside the tables of Latin to their plain lower-case form; anything else unchanged.
char32_t fold_letter(char32_t c) {
    c = cyrillic_lower(c);
    for (const auto& [from, to] : letters)
        if (from == c) return to;
    return c >= 0x391 && c <= 0x3A9 && c != 0x3A2 ? c + 0x20 : c;  // U+03A2 is no letter
}

bool is_separator(char32_t c) {
    return c == 0xA0 || c == 0xA1 || c == 0xAB || c == 0xB7 || c == 0xBB || c == 0xBF ||
           (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3011);
}

void append_folded(std::string& out, char32_t c) {
    for (const auto& [first, base] : latin) {
        if (c < first || c - first >= base.size()) continue;
        const char letter = base[c - first];
        if (letter == '?') break;
        if (letter == '.')
            out += fold_special(c);
        else
            out += letter;
        return;
    }
    append_utf8(out, fold_letter(c));
}

}  // namespace

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
