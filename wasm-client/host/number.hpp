#pragma once

#include <cstdint>
#include <limits>

namespace cadenza::client {

// Reads the JSON number at `text` and sets `end` behind it. Exact for whole numbers up to 2^53, however they
// are written
// ("1e3", "100.0"), and for any number of at most 15 digits whose exponent is within 22 of them; else the
// nearest double or one close to it. The contract has whole numbers only, and tells 2.5 from 3 without
// exactness.
inline double read_number(const char* text, const char*& end) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    constexpr std::uint64_t most = UINT64_MAX / 10 - 1;
    constexpr auto most_double = std::numeric_limits<double>::max();
    std::uint64_t digits = 0;
    int exponent = 0;
    const bool negative = *text == '-';
    if (negative) ++text;
    for (; is_digit(*text); ++text) {
        if (digits < most)
            digits = digits * 10 + static_cast<unsigned>(*text - '0');
        else
            ++exponent;
    }
    if (*text == '.') {
        for (++text; is_digit(*text); ++text) {
            if (digits >= most) continue;
            digits = digits * 10 + static_cast<unsigned>(*text - '0');
            --exponent;
        }
    }
    if (*text == 'e' || *text == 'E') {
        ++text;
        const bool small = *text == '-';
        if (small || *text == '+') ++text;
        int given = 0;
        for (; is_digit(*text); ++text)
            if (given < 10'000) given = given * 10 + (*text - '0');
        exponent += small ? -given : given;
    }
    end = text;
    // Zeros at the end say nothing and would cost exactness.
    for (; exponent < 0 && digits != 0 && digits % 10 == 0; ++exponent) digits /= 10;
    auto value = static_cast<double>(digits);
    // Powers of ten are exact up to 10^22.
    for (int left = exponent < 0 ? -exponent : exponent; left > 0 && value != 0 && value <= most_double;) {
        double power = 1;
        for (int n = 0; n < 22 && left > 0; ++n, --left) power *= 10;
        value = exponent < 0 ? value / power : value * power;
    }
    return negative ? -value : value;
}

}  // namespace cadenza::client
