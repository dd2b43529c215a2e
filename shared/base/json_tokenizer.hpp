#pragma once

// The tokens of a JSON text, told to a handler with the names of nlohmann's SAX interface. Most of what is
// read are short strings of plain ASCII and small whole numbers, often of fields nobody asked for: those are
// shown where they stand, without a copy. Anything else of a string or number is left to nlohmann/json, which
// knows UTF-8, escapes and fractions; so is saying where a text stops being JSON.

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace cadenza::json {

// What nlohmann/json makes of one string or number, or where it stops.
struct Scalar {
    std::variant<std::monostate, std::int64_t, std::uint64_t, double, std::string> value;
    std::size_t failed_at{};

    // Null when it is one, and all of it.
    static Scalar read(std::string_view text) {
        Scalar out;
        if (!nlohmann::json::sax_parse(text.begin(), text.end(), &out)) out.value = std::monostate{};
        return out;
    }

    bool null() { return true; }
    bool boolean(bool) { return true; }
    bool number_integer(std::int64_t number) { return value = number, true; }
    bool number_unsigned(std::uint64_t number) { return value = number, true; }
    bool number_float(double number, const std::string&) { return value = number, true; }
    bool string(std::string& text) { return value = std::move(text), true; }
    bool start_object(std::size_t) { return true; }
    bool key(std::string&) { return true; }
    bool end_object() { return true; }
    bool start_array(std::size_t) { return true; }
    bool end_array() { return true; }
    bool binary(nlohmann::json::binary_t&) { return false; }  // not in JSON
    template <class Exception>
    bool parse_error(std::size_t position, const std::string&, const Exception&) {
        failed_at = position;
        return false;
    }
};

// Where a string's plain part ends: at its quote, an escape, a control character or a byte beyond ASCII, or
// with the text. Eight bytes at a time: the first whose top bit is set below is what was looked for, those
// behind it may only have lent to it.
inline std::size_t plain_end(std::string_view text, std::size_t at) noexcept {
    constexpr std::uint64_t each = 0x0101010101010101;
    if constexpr (std::endian::native == std::endian::little) {
        for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
            std::uint64_t bytes{};
            std::memcpy(&bytes, text.data() + at, sizeof bytes);
            const auto controls = bytes - each * 0x20;
            const auto quotes = (bytes ^ each * '"') - each;
            const auto escapes = (bytes ^ each * '\\') - each;
            const auto found = (bytes | controls | quotes | escapes) & each * 0x80;
            if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
        }
    }
    const auto is_plain = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
    };
    while (at < text.size() && is_plain(text[at])) ++at;
    return at;
}

template <class Handler>
class Tokenizer {
public:
    // Both must outlive it. The handler may keep nothing of what it is shown.
    Tokenizer(std::string_view text, Handler& handler) : text_(text), handler_(handler) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    }

    // False when the handler said so, or when the text is not JSON: then the handler was told where.
    bool run() {
        if (!value()) return false;
        while (!open_.empty())
            if (!step()) return false;
        skip_space();
        return at_ == text_.size() || malformed();
    }

private:
    // '\0' at the end: that is no JSON anywhere else either.
    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_space() noexcept {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
    }

    bool malformed() {
        const auto failed_at = Scalar::read(text_).failed_at;
        return handler_.not_json(failed_at > 0 ? failed_at : at_ + 1);
    }

    // The next entry of what is open, or its end.
    bool step() {
        const bool is_object = open_.back() == '{';
        skip_space();
        if (peek() == (is_object ? '}' : ']')) {
            ++at_;
            open_.pop_back();
            is_first_ = false;
            return is_object ? handler_.end_object() : handler_.end_array();
        }
        if (!std::exchange(is_first_, false)) {
            if (peek() != ',') return malformed();
            ++at_;
        }
        return (!is_object || key()) && value();
    }

    bool key() {
        skip_space();
        const auto name = peek() == '"' ? read_string() : std::nullopt;
        if (!name) return malformed();
        if (!handler_.key(*name)) return false;
        skip_space();
        if (peek() != ':') return malformed();
        ++at_;
        return true;
    }

    bool value() {
        skip_space();
        switch (peek()) {
            case '{': return open('{') && handler_.start_object(unknown_size);
            case '[': return open('[') && handler_.start_array(unknown_size);
            case '"': {
                const auto text = read_string();
                return text ? handler_.string(*text) : malformed();
            }
            case 't': return literal("true") ? handler_.boolean(true) : malformed();
            case 'f': return literal("false") ? handler_.boolean(false) : malformed();
            case 'n': return literal("null") ? handler_.null() : malformed();
            default: return number();
        }
    }

    bool open(char bracket) {
        ++at_;
        open_ += bracket;
        return is_first_ = true;
    }

    bool literal(std::string_view word) {
        const bool found = text_.substr(at_, word.size()) == word;
        if (found) at_ += word.size();
        return found;
    }

    // The string that begins here, good until the next is read. nullopt when it is none.
    std::optional<std::string_view> read_string() {
        const auto begin = at_ + 1;
        auto end = plain_end(text_, begin);
        if (end < text_.size() && text_[end] == '"') {
            at_ = end + 1;
            return text_.substr(begin, end - begin);
        }
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size()) return std::nullopt;
        auto read = Scalar::read(text_.substr(at_, end + 1 - at_));
        auto* found = std::get_if<std::string>(&read.value);
        if (!found) return std::nullopt;
        decoded_ = std::move(*found);
        at_ = end + 1;
        return decoded_;
    }

    bool number() {
        const auto end = std::min(text_.find_first_not_of("0123456789+-.eE", at_), text_.size());
        const auto token = text_.substr(at_, end - at_);
        at_ = end;
        if (is_short_integer(token)) {
            std::uint64_t number = 0;
            for (const char digit : token) number = number * 10 + static_cast<std::uint64_t>(digit - '0');
            return handler_.number_unsigned(number);
        }
        const auto read = Scalar::read(token);
        if (const auto* integer = std::get_if<std::int64_t>(&read.value))
            return handler_.number_integer(*integer);
        if (const auto* natural = std::get_if<std::uint64_t>(&read.value))
            return handler_.number_unsigned(*natural);
        if (const auto* real = std::get_if<double>(&read.value)) return handler_.number_float(*real);
        return malformed();
    }

    // Of digits alone, no zero before another, and surely no overflow.
    static bool is_short_integer(std::string_view token) noexcept {
        constexpr std::size_t surely = 18;
        return !token.empty() && token.size() <= surely && (token.front() != '0' || token.size() == 1) &&
               token.find_first_not_of("0123456789") == token.npos;
    }

    static constexpr auto unknown_size = static_cast<std::size_t>(-1);

    std::string_view text_;
    Handler& handler_;
    std::size_t at_{};
    std::string open_;  // the brackets around what is read
    bool is_first_{};   // nothing of the innermost was read yet
    std::string decoded_;
};

}  // namespace cadenza::json
