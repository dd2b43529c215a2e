// What is JSON, and what its strings and numbers are, is as nlohmann/json has it.
#include "shared/base/json_tokenizer.hpp"

#include "shared/base/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <boost/describe.hpp>
#include <nlohmann/json.hpp>

#include <limits>

namespace cadenza {
namespace {

// Everything in it is read past.
struct Anything {
    std::optional<bool> unlikely_name;
    bool operator==(const Anything&) const = default;
};
BOOST_DESCRIBE_STRUCT(Anything, (), (unlikely_name))

bool is_json(const std::string& text) {
    const auto read = decode<Anything>(text);
    return read || read.error().code != Errc::malformed_json;
}

TEST_CASE("what is JSON and what is not") {
    for (const std::string value : {
             R"(0)",
             R"(-0)",
             R"(12)",
             R"(-12)",
             R"(01)",
             R"(-01)",
             R"(-)",
             R"(+1)",
             R"(1.)",
             R"(1.5)",
             R"(.5)",
             R"(1e3)",
             R"(1E+3)",
             R"(1e)",
             R"(1e999)",
             R"(1-2)",
             R"(--1)",
             R"(1 2)",
             R"("")",
             R"("a)",
             R"(")",
             R"("\")",
             R"("\"")",
             R"("\\")",
             R"("\\\")",
             R"("\x")",
             R"("\u12")",
             R"("\u0000")",
             R"("\ud83d")",
             R"("\ud83d\ude00")",
             "\"\t\"",
             "\"\x7f\"",
             "\"\xc3\xa9\"",
             "\"\xc3\"",
             "\"\xc3\"\"",
             "\"a\n\"",
             R"(true)",
             R"(tru)",
             R"(trues)",
             R"(null)",
             R"(nul)",
             R"(falsey)",
             R"([])",
             R"([)",
             R"(])",
             R"([1,])",
             R"([,1])",
             R"([1 2])",
             R"([[],[]])",
             R"([}")",
             R"({})",
             R"({"a"})",
             R"({"a":})",
             R"({"a":1,})",
             R"({a:1})",
             R"({"a":1 "b":2})",
             R"({,})",
             R"({"a"::1})",
             R"(1}{)",
             R"( [ 1 , { } ] )",
             "99999999999999999",
             "999999999999999999",
             "9999999999999999999",
             "99999999999999999999",
             "",
             R"('a')",
             R"(NaN)",
             "\v1",
             "\xef\xbb\xbf"
             "1",
             R"(/**/1)",
             R"({"a":1}})",
         }) {
        const auto text = "{\"x\":" + value + "}";
        CAPTURE(text);
        CHECK(is_json(text) == nlohmann::json::accept(text));
        CHECK(is_json("\xef\xbb\xbf " + text + " ") == nlohmann::json::accept("\xef\xbb\xbf " + text + " "));
        CHECK_FALSE(is_json(text + ","));
    }
}

TEST_CASE("a damaged document is JSON for both or for neither") {
    const std::string whole =
        R"( {"a":[1,-2.5e1,true,null,"p\u00e4\n"],"b":{"c":"\"","d":[{},[]]} , "e":"ü\\"} )";
    constexpr std::string_view pieces = "{}[]\",:\\0123-.eEtfn u\xc3\xbc\n";
    Random random(2026);
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto text = whole;
        for (auto changes = 1 + random.below(3); changes > 0; --changes) {
            const auto at = random.below(text.size());
            if (random.chance(30))
                text.erase(at, 1);
            else if (random.chance(50))
                text[at] = pieces[random.below(pieces.size())];
            else
                text.insert(at, 1, pieces[random.below(pieces.size())]);
        }
        const bool expected = nlohmann::json::accept(text);
        accepted += expected ? 1 : 0;
        // What begins with another bracket is refused as that, before the rest is read.
        if (text.find_first_not_of(" \n") != text.find('{')) continue;
        CAPTURE(text);
        CHECK(is_json(text) == expected);
    }
    CHECK(accepted > 500);
    CHECK(accepted < 19'500);
}

TEST_CASE("strings and whole numbers are the same") {
    Random random(7);
    constexpr std::string_view marks = "abc \\\"\n\x7f/<";
    for (int i = 0; i < 2'000; ++i) {
        std::vector<std::string> texts{random.from(marks, random.below(30)) +
                                       (random.chance(50) ? "ü\U0001F600" : "")};
        const auto text = nlohmann::json(texts).dump(-1, ' ', random.chance(50));
        const auto read = decode<std::vector<std::string>>(text);
        CAPTURE(text);
        REQUIRE(read);
        CHECK(*read == texts);
    }
    for (const std::int64_t number :
         {0LL, 7LL, -7LL, 100LL, 999'999'999'999'999'999LL, 1'000'000'000'000'000'000LL,
          std::numeric_limits<long long>::max(), std::numeric_limits<long long>::min()}) {
        const auto read = decode<std::vector<std::int64_t>>("[" + std::to_string(number) + "]");
        REQUIRE(read);
        CHECK(read->front() == number);
    }
}

TEST_CASE("a string's plain part ends at the first byte that is not, wherever that is") {
    for (int byte = 0; byte < 256; ++byte) {
        const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
        for (std::size_t at = 0; at < 20; ++at) {
            std::string text(20, '!');
            text[at] = static_cast<char>(byte);
            if (at < 19) text[19] = '"';
            CAPTURE(byte, at);
            CHECK(json::plain_end(text, 0) == (plain ? std::size_t{at < 19 ? 19u : 20u} : at));
            CHECK(json::plain_end(text, at) == json::plain_end(text, 0));
        }
    }
    CHECK(json::plain_end("", 0) == 0);
}

TEST_CASE("an error says at which byte") {
    CHECK(decode<Anything>(R"({"x":[1,2)").error().detail == "not JSON, at byte 10");
    CHECK(decode<Anything>(R"({"x" 1})").error().detail == "not JSON, at byte 6");
    CHECK(decode<Anything>(std::string("{}\0", 3)).error().code == Errc::malformed_json);
}

}  // namespace
}  // namespace cadenza
