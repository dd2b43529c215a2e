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

TEST_CASE("every word of a query must begin a word of the text") {
    CHECK(matches_words("the long way home", "way lo"));
    CHECK(matches_words("the long way home", ""));
    CHECK(matches_words("banana ana", "ana"));
    CHECK_FALSE(matches_words("banana", "ana"));
    CHECK_FALSE(matches_words("the long way home", "way short"));
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
