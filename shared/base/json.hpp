#pragma once

// Text ↔ struct, for every type described with Boost.Describe. What a type looks like on the wire is a table
// built at compile time (json_table.hpp); one state machine reads and one function writes them all, so no DOM
// is built and nlohmann/json, the tokenizer, is compiled in one file.
//
//   C++ member            wire
//   T                     required
//   std::optional<T>      may be absent or null; not written when empty
//   std::vector<T>        array; absent reads as empty
//   bool, integers        boolean, number; out of range is an error
//   Bounded<Int, a, b>    number from a to b
//   described enum        its enumerator's name
//   BoundedList<T, a, b>  array of a to b entries; required when a is not 0
//   T::parse(string)      string, checked: ids, urls, BoundedText
//   std::variant<A, B>    object with exactly one key, the case's type name in snake_case
//   json::Lenient<T>      array whose unreadable entries are dropped and counted
//   name_                 "name": a trailing underscore keeps C++ keywords out of the way
//
// A described struct with a function `Status validate(const T&)` beside it is checked after its members were
// read.

#include "shared/base/error.hpp"
#include "shared/base/json_type.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cadenza {

enum class UnknownFields {
    ignore,  // from Spotify, which adds fields at will
    refuse,  // from our own client: a misspelt option must not pass in silence
};

namespace json {
Status decode(std::string_view text, const Type& type, void* out, UnknownFields unknown);
void encode(const Type& type, const void* value, std::string& out);
}  // namespace json

// Errors: malformed_json; schema_mismatch or invalid_value, the detail beginning with the place:
// "$.items[3].name: string expected". Text after the value, duplicate keys and more than 64 levels are
// errors.
template <class T>
Result<T> decode(std::string_view text, UnknownFields unknown = UnknownFields::ignore) {
    T out{};
    if (auto status = json::decode(text, json::type_of<T>, &out, unknown); !status) return status.error();
    return out;
}

// Always valid JSON and UTF-8: broken sequences become U+FFFD. There is room for `usual_size` bytes at once.
template <class T>
std::string encode(const T& value, std::size_t usual_size = 0) {
    std::string out;
    out.reserve(usual_size);
    json::encode(json::type_of<T>, &value, out);
    return out;
}

}  // namespace cadenza
