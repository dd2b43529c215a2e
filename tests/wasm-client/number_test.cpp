#include "wasm-client/host/number.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

using cadenza::client::read_number;

namespace {

double read(const std::string& text) {
    const char* end = nullptr;
    const auto value = read_number(text.c_str(), end);
    CHECK(end == text.c_str() + text.size());
    return value;
}

bool is_whole(double value) { return std::floor(value) == value; }

}  // namespace

TEST_CASE("whole numbers are exact however they are written") {
    CHECK(read("0") == 0.0);
    CHECK(read("-0.0") == 0.0);
    CHECK(read("1e3") == 1000.0);
    CHECK(read("100.0") == 100.0);
    CHECK(read("1200E-2") == 12.0);
    CHECK(read("9007199254740992") == 9007199254740992.0);
    CHECK(read("-9007199254740991.000") == -9007199254740991.0);
    CHECK(read("0.000000000000000000000000000000000000001e39") == 1.0);
}

TEST_CASE("fractions are no whole numbers") {
    CHECK(read("2.5") == 2.5);
    CHECK(read("0.1") == 0.1);
    CHECK_FALSE(is_whole(read("1234567.0000001")));
    CHECK_FALSE(is_whole(read("5e-324")));
}

TEST_CASE("what is too large or too small ends at infinity or zero, and every digit is read") {
    CHECK(std::isinf(read("1e999")));
    CHECK(read("1e-999999999") == 0.0);
    CHECK(read("0e999999999") == 0.0);
    CHECK(read(std::string(400, '9')) >= 1e300);
    CHECK(std::isfinite(read("123456789012345678901234567890")));
}

TEST_CASE("short numbers are those of the C library") {
    cadenza::Random random(7);
    for (int i = 0; i < 20'000; ++i) {
        auto text = std::to_string(random.next() % 1'000'000'000'000'000u);
        if (random.below(2) == 0) text.insert(random.below(text.size()) + 1, ".");
        if (text.back() == '.') text += "0";
        if (random.below(2) == 0) text += "e" + std::to_string(static_cast<int>(random.below(14)) - 7);
        const auto value = read(text);
        INFO(text);
        CHECK(value == std::strtod(text.c_str(), nullptr));
    }
}
