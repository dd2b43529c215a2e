#pragma once

// Markup as a value, written as it looks: html("<li id=\"{}\">{}</li>", id, name). What fills a hole is
// escaped by its type, and the compiler checks each hole against its place, so that nothing from outside can
// become markup:
//
//   between tags            Html as it is; text and numbers escaped
//   in a quoted attribute   text and numbers, escaped
//   in href="{}", src="{}"  Url or Href only: https, loopback http, or a path of ours
//   inside a tag            Attribute only: flag("disabled", empty)
//
// Templates with `style`, `on…` handlers, <script> or <style> do not compile: the page's policy refuses
// those.

#include "shared/base/url.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace cadenza::client {

class Html {
public:
    Html() = default;
    const std::string& str() const noexcept { return markup_; }
    bool empty() const noexcept { return markup_.empty(); }
    Html& operator+=(const Html& next) {
        markup_ += next.markup_;
        return *this;
    }
    bool operator==(const Html&) const = default;

private:
    friend class HtmlWriter;
    std::string markup_;
};

// A whole attribute that may be absent, with its leading space.
class Attribute {
public:
    const std::string& str() const noexcept { return markup_; }

private:
    friend Attribute flag(std::string_view name, bool present);
    friend Attribute attribute(std::string_view name, std::string_view value);
    std::string markup_;
};
// `name` is a constant of ours.
Attribute flag(std::string_view name, bool present);
Attribute attribute(std::string_view name, std::string_view value);

// An address that is safe in href and src because of where it came from: a page of ours or a link of an id.
class Href {
public:
    // `path` begins with '/'.
    static Href path(std::string path) { return Href(std::move(path)); }
    // https://open.spotify.com/… as ids give it.
    static Href spotify(std::string link) { return Href(std::move(link)); }
    const std::string& str() const noexcept { return text_; }

private:
    explicit Href(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

namespace detail {

enum class Filling : std::uint8_t { text, html, attribute, address };

template <class T>
constexpr Filling filling_of() {
    if constexpr (std::is_same_v<T, Html>) return Filling::html;
    if constexpr (std::is_same_v<T, Attribute>) return Filling::attribute;
    if constexpr (std::is_same_v<T, Href> || std::is_same_v<T, Url>) return Filling::address;
    return Filling::text;
}

// Not constexpr: reaching it while compiling is the error.
void this_hole_takes_another_type();
void this_may_not_be_in_a_template();
void holes_and_arguments_differ();

constexpr bool is_at(const char* text, std::size_t at, std::size_t size, std::string_view word) {
    if (at + word.size() > size) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (text[at + i] != word[i]) return false;
    return true;
}

// One pass over the template, its states side by side.
// NOLINTNEXTLINE(readability-function-cognitive-complexity)
constexpr void check(const char* text, std::size_t size, const Filling* fillings, std::size_t count) {
    bool in_tag = false;
    bool in_value = false;
    bool in_address = false;
    std::size_t hole = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const char c = text[i];
        if (c == '{') {
            if (hole == count) return holes_and_arguments_differ();
            const auto filling = fillings[hole++];
            const bool fits = in_address ? filling == Filling::address
                              : in_value ? filling == Filling::text
                              : in_tag   ? filling == Filling::attribute
                                         : filling == Filling::html || filling == Filling::text;
            if (!fits) return this_hole_takes_another_type();
        } else if (in_value) {
            in_value = c != '"';
            in_address = in_address && in_value;
        } else if (in_tag) {
            if (c == '>') in_tag = false;
            if (is_at(text, i, size, " style=") || is_at(text, i, size, " on"))
                return this_may_not_be_in_a_template();
            if (c != '"') continue;
            in_value = true;
            const auto ends_with = [&](std::string_view word) {
                return i >= word.size() && is_at(text, i - word.size(), size, word);
            };
            in_address = ends_with(" href=") || ends_with(" src=");
        } else if (c == '<') {
            in_tag = true;
            if (is_at(text, i, size, "<script") || is_at(text, i, size, "<style"))
                return this_may_not_be_in_a_template();
        }
    }
    if (hole != count) return holes_and_arguments_differ();
}

struct Piece {
    Filling filling{};
    bool is_number{};
    std::int64_t number{};
    std::string_view text;
};

template <class T>
Piece piece_of(const T& value) {
    constexpr auto filling = filling_of<T>();
    if constexpr (std::is_integral_v<T>)
        return {filling, true, static_cast<std::int64_t>(value), {}};
    else if constexpr (filling == Filling::text)
        return {filling, false, 0, std::string_view(value)};
    else
        return {filling, false, 0, value.str()};
}

}  // namespace detail

template <class... Args>
class Template {
public:
    template <std::size_t n>
    consteval Template(const char (&text)[n]) : text_(text, n - 1) {  // NOLINT(google-explicit-constructor)
        constexpr detail::Filling fillings[] = {detail::filling_of<Args>()..., detail::Filling::text};
        detail::check(text, n - 1, fillings, sizeof...(Args));
    }
    std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

class HtmlWriter {
public:
    static Html fill(std::string_view text, const detail::Piece* pieces);
};

template <class... Args>
Html html(Template<std::type_identity_t<std::decay_t<Args>>...> text, const Args&... args) {
    const detail::Piece pieces[] = {detail::piece_of(args)..., detail::Piece{}};
    return HtmlWriter::fill(text.text(), pieces);
}

// each(page.items, track_row): the rows one after the other.
template <class Range, class Fn>
Html each(const Range& range, Fn&& to_html) {
    Html out;
    for (const auto& item : range) out += to_html(item);
    return out;
}

// `markup()` when it is to be shown, else nothing.
template <class Fn>
Html when(bool shown, Fn&& markup) {
    return shown ? markup() : Html();
}

}  // namespace cadenza::client
