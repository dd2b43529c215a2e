#include "server/config_reader.hpp"

#include "shared/base/url.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::server {
namespace {

std::string trimmed(std::string text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.back())) text.pop_back();
    const auto first = std::find_if_not(text.begin(), text.end(), is_space);
    text.erase(text.begin(), first);
    return text;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t value{};
    const auto [end, ec] = std::from_chars(text.begin(), text.end(), value);
    if (ec != std::errc{} || end != text.end()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::string> ConfigReader::text(const std::string& name) {
    const auto value = environment_(name);
    const auto file = environment_(name + "_FILE");
    if (value && !value->empty()) {
        if (file && !file->empty())
            complain(name, "is set, and so is " + name + "_FILE: keep one of the two");
        return trimmed(*value);
    }
    if (!file || file->empty()) return std::nullopt;
    auto content = read_file_(*file);
    if (!content) {
        complain(name + "_FILE", "cannot read " + *file);
        return std::nullopt;
    }
    auto out = trimmed(std::move(*content));
    if (out.empty()) {
        complain(name + "_FILE", *file + " is empty");
        return std::nullopt;
    }
    return out;
}

std::string ConfigReader::text_or(const std::string& name, std::string fallback) {
    auto value = text(name);
    return value ? *value : std::move(fallback);
}

std::int64_t ConfigReader::number(const std::string& name, std::int64_t fallback, std::int64_t least,
                                  std::int64_t most) {
    const auto value = text(name);
    if (!value) return fallback;
    const auto parsed = parse_number(*value);
    if (parsed && *parsed >= least && *parsed <= most) return *parsed;
    complain(name, "\"" + *value + "\" is not a number from " + std::to_string(least) + " to " +
                       std::to_string(most));
    return fallback;
}

std::uint16_t ConfigReader::port(const std::string& name, std::uint16_t fallback) {
    return static_cast<std::uint16_t>(number(name, fallback, 0, 65'535));
}

bool ConfigReader::flag(const std::string& name) {
    const auto value = text_or(name, "0");
    if (value != "0" && value != "1") complain(name, "\"" + value + "\" is neither 0 nor 1");
    return value == "1";
}

std::chrono::seconds ConfigReader::duration(const std::string& name, std::chrono::seconds fallback,
                                            std::chrono::seconds least) {
    const auto value = text(name);
    if (!value) return fallback;
    auto digits = std::string_view(*value);
    std::int64_t unit = 1;
    constexpr std::pair<char, std::int64_t> units[] = {{'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}};
    for (const auto& [letter, length] : units) {
        if (!digits.ends_with(letter)) continue;
        unit = length;
        digits.remove_suffix(1);
        break;
    }
    constexpr std::int64_t century = 36'500LL * 86'400;
    const auto parsed = parse_number(digits);
    if (parsed && *parsed >= 0 && *parsed <= century / unit) {
        const std::chrono::seconds out(*parsed * unit);
        if (out >= least) return out;
        complain(name,
                 "\"" + *value + "\" is too short: at least " + std::to_string(least.count()) + "s expected");
        return fallback;
    }
    complain(name, "\"" + *value + "\" is not a duration such as 90s, 5m, 2h or 14d");
    return fallback;
}

std::string ConfigReader::address(const std::string& name, std::string fallback) {
    auto value = text(name);
    if (!value) return fallback;
    while (value->ends_with('/')) value->pop_back();
    if (!Url::parse(*value)) {
        complain(name, "\"" + *value +
                           "\" is not an address: https://… expected (http only on a loopback address)");
        return fallback;
    }
    return *value;
}

std::string ConfigReader::origin(const std::string& name, std::string fallback) {
    const auto value = text(name);
    if (!value) return fallback;
    auto origin = origin_of(*value);
    if (origin.empty()) {
        complain(name, "\"" + *value +
                           "\" is not an origin: https://host expected (http only on a loopback address)");
    } else if (origin != *value) {
        complain(name, "\"" + *value + "\" has more than an origin; \"" + origin + "\" would be right");
    } else if (host_of(origin) == "localhost") {
        complain(name, "Spotify refuses localhost, so cookies would not match; use 127.0.0.1");
    } else if (auto right = as_browsers_write(origin); right != origin) {
        complain(name, "browsers write \"" + origin + "\" as \"" + right + "\", which would be right");
    } else {
        return origin;
    }
    return fallback;
}

std::size_t ConfigReader::choice(const std::string& name, const std::vector<std::string_view>& words,
                                 std::size_t fallback) {
    const auto value = text(name);
    if (!value) return fallback;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == *value) return i;
    std::string expected;
    for (const auto word : words) expected += (expected.empty() ? "" : ", ") + std::string(word);
    complain(name, "\"" + *value + "\" is not one of " + expected);
    return fallback;
}

}  // namespace cadenza::server
