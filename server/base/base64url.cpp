#include "server/base/base64url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cadenza::server {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t none = 0xFF;
using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
    Values out{};
    out.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return out;
}
constexpr auto url_values = values_of(url_alphabet);
constexpr auto plain_values = values_of(plain_alphabet);

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        held += 8;
        while (held >= 6) {
            held -= 6;
            out += alphabet[(bits >> held) & 0x3F];
        }
    }
    if (held > 0) out += alphabet[(bits << (6 - held)) & 0x3F];
    return out;
}

std::optional<std::string> decode(std::string_view text, const Values& values) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    while (text.size() >= 4) {
        const auto value = [&](std::size_t i) { return values[static_cast<unsigned char>(text[i])]; };
        if ((value(0) | value(1) | value(2) | value(3)) == none) return std::nullopt;
        bits = static_cast<std::uint32_t>(value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3));
        const std::array three{static_cast<char>(bits >> 16), static_cast<char>(bits >> 8),
                               static_cast<char>(bits)};
        out.append(three.data(), three.size());
        text.remove_prefix(4);
    }
    for (const char c : text) {
        const auto value = values[static_cast<unsigned char>(c)];
        if (value == none) return std::nullopt;
        bits = bits << 6 | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>(bits >> held & 0xFF);
        }
    }
    if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;  // a second spelling of the same bytes
    return out;
}

}  // namespace

bool is_base64url(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return url_values[static_cast<unsigned char>(c)] != none; });
}
std::string to_base64url(std::string_view bytes) { return encode(bytes, url_alphabet); }
std::optional<std::string> from_base64url(std::string_view text) { return decode(text, url_values); }

std::string to_base64(std::string_view bytes) {
    auto out = encode(bytes, plain_alphabet);
    while (out.size() % 4 != 0) out += '=';
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return decode(text, plain_values);
}

}  // namespace cadenza::server
