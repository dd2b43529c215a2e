#pragma once

// Text as Spotify and its users write it: UTF-8 of any script.

#include <cstddef>
#include <string>
#include <string_view>

namespace cadenza {

// Takes the first code point off `text`, which must not be empty. A broken sequence gives U+FFFD and takes
// its longest valid beginning, as browsers do.
char32_t take_code_point(std::string_view& text) noexcept;
void append_utf8(std::string& out, char32_t code_point);

// The beginning of `text`, at most so many code points; how many there are.
std::string_view first_characters(std::string_view text, std::size_t most) noexcept;
std::size_t count_characters(std::string_view text) noexcept;

// `text` as a JSON string with its quotes. Broken UTF-8 becomes U+FFFD; what may not stand bare in JSON or in
// a <script> is escaped.
void append_json_string(std::string& out, std::string_view text);

// What search compares: lower case, without diacritics (Latin, Greek, Cyrillic), punctuation as spaces, one
// space between words and none around them. "Beyoncé – Halo!" → "beyonce halo". Other scripts stay as they
// are.
std::string fold(std::string_view text);

// Whether every word of `folded_query` begins a word of `folded_text`, in any order. An empty query matches.
bool matches_words(std::string_view folded_text, std::string_view folded_query) noexcept;

}  // namespace cadenza
