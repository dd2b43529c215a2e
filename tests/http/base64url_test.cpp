#include "server/base/base64url.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

namespace cadenza::server {
namespace {

// Source: RFC 4648, section 10.
TEST_CASE("base64 writes what the standard writes") {
    const auto [plain, padded] = GENERATE(table<std::string, std::string>({{"", ""},
                                                                           {"f", "Zg=="},
                                                                           {"fo", "Zm8="},
                                                                           {"foo", "Zm9v"},
                                                                           {"foob", "Zm9vYg=="},
                                                                           {"fooba", "Zm9vYmE="},
                                                                           {"foobar", "Zm9vYmFy"},
                                                                           {"\xFB\xFF\xFE", "+//+"}}));
    CAPTURE(plain);
    CHECK(to_base64(plain) == padded);
    CHECK(from_base64(padded) == plain);

    auto url = padded.substr(0, padded.find('='));
    for (char& c : url) c = c == '+' ? '-' : c == '/' ? '_' : c;
    CHECK(to_base64url(plain) == url);
    CHECK(from_base64url(url) == plain);
}

TEST_CASE("any bytes come back as they were") {
    Random random(11);
    for (std::size_t size = 0; size < 300; ++size) {
        const auto bytes = random.bytes(size);
        const auto text = to_base64url(bytes);
        CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
              std::string::npos);
        CHECK(from_base64url(text) == bytes);
        CHECK(from_base64(to_base64(bytes)) == bytes);
    }
}

TEST_CASE("only one spelling is read") {
    const auto text = GENERATE(as<std::string>(), "A", "AAAAA", "Zg==", "Zg=", "Zh", "Zm9", "Zm9vYh", "Zm 9v",
                               "Zm9v\n", "Zm9+", "Zm9/", "Zm9.", "=", "====", std::string("Zm\0v", 4),
                               "Zm\xC3\xB6", "\xFF\xFF\xFF\xFF");
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
}

TEST_CASE("padded base64 is read with its padding only") {
    const auto text =
        GENERATE(as<std::string>(), "Zg", "Zg=", "Zg===", "Zm8", "Z===", "====", "Zm9v====", "=Zm9", "Zm=v",
                 "Zh==", "Zm9=", "Zm9-", "Zm9_", "Zg==Zg==", "Zm9v ", " Zm9v");
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("two texts never give the same bytes") {
    Random random(13);
    std::size_t read = 0;
    for (int round = 0; round < 5'000; ++round) {
        const auto text = random.from("AQgwZ019-_", random.below(8));
        const auto bytes = from_base64url(text);
        if (!bytes) continue;
        ++read;
        CHECK(to_base64url(*bytes) == text);
    }
    CHECK(read > 500);
}

}  // namespace
}  // namespace cadenza::server
