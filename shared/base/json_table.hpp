#pragma once

// What a C++ type looks like on the wire, as a table. The decoder, the encoder, the query strings and the
// JSON Schema read these tables; json_type.hpp makes them.

#include "shared/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cadenza::json {

enum class Kind : std::uint8_t { boolean, integer, text, enumeration, optional, array, object, choice };

struct Type;

struct Field {
    std::string_view name;
    const Type* type;
    void* (*at)(void* object);
    bool required;
};

struct Case {
    std::string_view name;
    const Type* type;
    void* (*emplace)(void* choice);
};

// Only the members of its kind are set.
struct Type {
    Kind kind;
    std::string_view name;  // of objects and enumerations: "Track"

    void (*set_boolean)(void*, bool);
    bool (*get_boolean)(const void*);

    // Of an integer; how many characters of a text with bounds (max 0: as many as there are) or entries of an
    // array.
    std::int64_t min, max;
    void (*set_integer)(void*, std::int64_t);
    std::int64_t (*get_integer)(const void*);

    Status (*set_text)(void*, std::string_view);  // text and enumeration
    std::string_view (*get_text)(const void*);
    std::string_view pattern;                 // of checked text
    std::span<const std::string_view> words;  // of an enumeration

    const Type* element;    // of an array or an optional
    void* (*grow)(void*);   // appends an element and returns it
    void (*shrink)(void*);  // takes the last one away
    std::size_t (*size)(const void*);
    const void* (*element_at)(const void*, std::size_t);
    void (*count_dropped)(void*);  // of a lenient array, else null

    std::span<const Field> fields;
    Status (*validate)(const void*);  // may be null

    std::span<const Case> cases;
    std::size_t (*chosen)(const void*);
    const void* (*content)(const void*);
};

// Whether an array may have so many entries.
inline bool holds(const Type& array, std::size_t count) {
    return static_cast<std::int64_t>(count) >= array.min && static_cast<std::int64_t>(count) <= array.max;
}
// "1 to 40 entries expected"
inline std::string expected_count(const Type& array) {
    return std::to_string(array.min) + " to " + std::to_string(array.max) + " entries expected";
}

}  // namespace cadenza::json
