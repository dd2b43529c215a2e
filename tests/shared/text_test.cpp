#include "shared/base/text.hpp"

#include "tests/support/catch.hpp"

namespace cadenza {
namespace {

TEST_CASE("folding ignores case, diacritics and punctuation") {
    const auto [text, folded] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"  Hello,   World!  ", "hello world"},
        {"Beyoncé – Halo", "beyonce halo"},
        {"Cafe\u0301", "cafe"},
        {"Don't / Don\u2019t", "dont dont"},
        {"Łódź Ærø ÞÓR straße", "lodz aero thor strasse"},
        {"Đặng Thuỳ Trâm", "dang thuy tram"},
        {"Trương Quỳnh ƠƯ", "truong quynh ou"},
        {"Ștefan și Țara, Brâncuși", "stefan si tara brancusi"},
        {"Ґанок ґава ЇЖАК її Ўзбек", "ганок гава іжак іі узбек"},
        {"Ǆ ǅ ǆ Ǽ Ƕ", "dz dz dz ae hv"},
        {"Ŋ ŋ STRAẞE Ɔ Ə Ǯ", "n n strasse ɔ ə ʒ"},
        {"Ƀ Ɓ Ɵ Ɏ ȷ", "b b o y j"},
        {"ҚАЗАҚ Ӏ ӁӐ Ҁ Ӛ", "қазақ ӏ жа ҁ ә"},
        {"ΆΝΟΙΞΗ Ύμνος", "ανοιξη υμνοσ"},
        {"Ёлка ЙОД", "елка иод"},
        {"夜想曲 第2番", "夜想曲 第2番"},
        {"AC/DC", "ac dc"},
        {"a\xffz", "a\uFFFDz"},
    }));
    CAPTURE(text);
    CHECK(fold(text) == folded);
    CHECK(fold(folded) == folded);
}

TEST_CASE("a letter and its accent are one or two code points, and fold alike") {
    const auto [composed, apart] = GENERATE(table<std::string, std::string>({
        {"ơ", "o\u031B"},
        {"ș", "s\u0326"},
        {"ї", "і\u0308"},
        {"й", "и\u0306"},
        {"ӓ", "а\u0308"},
        {"ǭ", "o\u0328\u0304"},
        {"ώ", "ω\u0301"},
    }));
    CHECK(fold(composed) == fold(apart));
}

TEST_CASE("folding ends at lower case: nothing folds further") {
    for (char32_t c = 0xA0; c < 0x2000; ++c) {
        std::string text;
        append_utf8(text, c);
        const auto folded = fold(text);
        CAPTURE(text);
        REQUIRE(fold(folded) == folded);
    }
}

TEST_CASE("every word of a query must begin a word of the text") {
    CHECK(matches_words("the long way home", "way lo"));
    CHECK(matches_words("the long way home", ""));
    CHECK(matches_words("banana ana", "ana"));
    CHECK_FALSE(matches_words("banana", "ana"));
    CHECK_FALSE(matches_words("the long way home", "way short"));
}

TEST_CASE("text is counted and cut by code points") {
    CHECK(count_characters("") == 0);
    CHECK(count_characters("aé🎵") == 3);
    CHECK(first_characters("aé🎵", 2) == "aé");
    CHECK(first_characters("aé", 9) == "aé");
    CHECK(first_characters("aé", 0).empty());
}

TEST_CASE("broken sequences give one replacement for their longest valid beginning") {
    const auto points = [](std::string_view text) {
        std::u32string out;
        while (!text.empty()) out += take_code_point(text);
        return out;
    };
    CHECK(points("\xe2\x82\xac") == U"€");
    CHECK(points("\xf0\x9f\x8e\xb5") == U"🎵");
    CHECK(points("\xe2\x82") == U"\uFFFD");
    CHECK(points("\xe2\x82z") == U"\uFFFDz");
    CHECK(points("\xc0\x80") == U"\uFFFD\uFFFD");
    CHECK(points("\xed\xa0\x80") == U"\uFFFD\uFFFD\uFFFD");
    CHECK(points("\xf5z\x80") == U"\uFFFDz\uFFFD");
}

}  // namespace
}  // namespace cadenza
