#pragma once

// Makes the tables of json_table.hpp at compile time, so that nothing about the wire is written twice.

#include "shared/base/json_members.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace cadenza::json {
namespace detail {

constexpr Type boolean_type() {
    Type type{};
    type.kind = Kind::boolean;
    type.set_boolean = [](void* out, bool value) { *static_cast<bool*>(out) = value; };
    type.get_boolean = [](const void* in) { return *static_cast<const bool*>(in); };
    return type;
}

// The element of a std::vector<bool>, which has no address: the vector stands for its last one.
constexpr Type last_bit_type() {
    Type type = boolean_type();
    type.set_boolean = [](void* out, bool value) { static_cast<std::vector<bool>*>(out)->back() = value; };
    return type;
}
inline constexpr Type last_bit = last_bit_type();
inline constexpr std::array<bool, 2> bits{false, true};

template <class T>
constexpr Type integer_type() {
    Type type{};
    type.kind = Kind::integer;
    if constexpr (is_bounded<T>) {
        type.min = T::min;
        type.max = T::max;
    } else {
        type.min = std::int64_t{std::numeric_limits<T>::min()};
        type.max = std::int64_t{std::numeric_limits<T>::max()};
    }
    type.set_integer = [](void* out, std::int64_t value) {
        if constexpr (is_bounded<T>)
            *static_cast<T*>(out) = static_cast<typename T::Value>(value);
        else
            *static_cast<T*>(out) = static_cast<T>(value);
    };
    type.get_integer = [](const void* in) { return static_cast<std::int64_t>(*static_cast<const T*>(in)); };
    return type;
}

constexpr Type string_type() {
    Type type{};
    type.kind = Kind::text;
    type.set_text = [](void* out, std::string_view text) -> Status {
        static_cast<std::string*>(out)->assign(text);
        return {};
    };
    type.get_text = [](const void* in) -> std::string_view { return *static_cast<const std::string*>(in); };
    return type;
}

template <class T>
constexpr Type parsable_type() {
    Type type{};
    type.kind = Kind::text;
    type.set_text = [](void* out, std::string_view text) -> Status {
        auto parsed = T::parse(text);
        if (!parsed) return parsed.error();
        *static_cast<T*>(out) = std::move(*parsed);
        return {};
    };
    type.get_text = [](const void* in) -> std::string_view { return static_cast<const T*>(in)->str(); };
    if constexpr (requires { T::pattern; }) type.pattern = T::pattern;
    if constexpr (requires { T::min_length; }) type.min = std::int64_t{T::min_length};
    if constexpr (requires { T::max_length; }) type.max = std::int64_t{T::max_length};
    return type;
}

template <class T>
constexpr Type enumeration_type() {
    Type type{};
    type.kind = Kind::enumeration;
    type.name = schema_name_of<T>.view();
    type.words = WordsOf<T>::value;
    type.set_text = [](void* out, std::string_view text) -> Status {
        for (std::size_t i = 0; i < WordsOf<T>::value.size(); ++i) {
            if (WordsOf<T>::value[i] != text) continue;
            *static_cast<T*>(out) = WordsOf<T>::values[i];
            return {};
        }
        return Error{Errc::invalid_value, "unknown name"};
    };
    type.get_text = [](const void* in) -> std::string_view {
        for (std::size_t i = 0; i < WordsOf<T>::value.size(); ++i)
            if (WordsOf<T>::values[i] == *static_cast<const T*>(in)) return WordsOf<T>::value[i];
        return {};
    };
    return type;
}

template <class T>
constexpr Type optional_type() {
    Type type{};
    type.kind = Kind::optional;
    type.element = &type_of<typename T::value_type>;
    type.grow = [](void* out) -> void* { return &static_cast<T*>(out)->emplace(); };
    type.size = [](const void* in) { return std::size_t{static_cast<const T*>(in)->has_value()}; };
    type.element_at = [](const void* in, std::size_t) -> const void* { return &**static_cast<const T*>(in); };
    return type;
}

template <class T>
constexpr Type vector_type() {
    Type type{};
    type.kind = Kind::array;
    type.max = std::numeric_limits<std::int64_t>::max();
    if constexpr (requires { T::least; }) {
        type.min = std::int64_t{T::least};
        type.max = std::int64_t{T::most};
    }
    type.shrink = [](void* out) { static_cast<T*>(out)->pop_back(); };
    type.size = [](const void* in) { return static_cast<const T*>(in)->size(); };
    if constexpr (std::is_same_v<T, std::vector<bool>>) {
        type.element = &last_bit;
        type.grow = [](void* out) -> void* {
            static_cast<T*>(out)->push_back(false);
            return out;
        };
        type.element_at = [](const void* in, std::size_t i) -> const void* {
            return &bits[std::size_t{(*static_cast<const T*>(in))[i]}];
        };
    } else {
        type.element = &type_of<typename T::value_type>;
        type.grow = [](void* out) -> void* { return &static_cast<T*>(out)->emplace_back(); };
        type.element_at = [](const void* in, std::size_t i) -> const void* {
            return &(*static_cast<const T*>(in))[i];
        };
    }
    return type;
}

template <class T>
constexpr Type lenient_type() {
    using Items = decltype(T::items);
    Type type{};
    type.kind = Kind::array;
    type.max = std::numeric_limits<std::int64_t>::max();
    type.element = &type_of<typename Items::value_type>;
    type.grow = [](void* out) -> void* { return &static_cast<T*>(out)->items.emplace_back(); };
    type.shrink = [](void* out) { static_cast<T*>(out)->items.pop_back(); };
    type.size = [](const void* in) { return static_cast<const T*>(in)->items.size(); };
    type.element_at = [](const void* in, std::size_t i) -> const void* {
        return &static_cast<const T*>(in)->items[i];
    };
    type.count_dropped = [](void* out) {
        auto& dropped = static_cast<T*>(out)->dropped;
        dropped = dropped + 1;
    };
    return type;
}

template <class T>
constexpr Type object_type() {
    static_assert(FieldsOf<T>::value.size() <= 64, "the decoder keeps seen fields in 64 bits");
    Type type{};
    type.kind = Kind::object;
    type.name = schema_name_of<T>.view();
    type.fields = FieldsOf<T>::value;
    if constexpr (Validated<T>)
        type.validate = [](const void* in) { return validate(*static_cast<const T*>(in)); };
    return type;
}

template <class T>
constexpr Type choice_type() {
    Type type{};
    type.kind = Kind::choice;
    type.cases = Cases<T>::value;
    type.chosen = [](const void* in) { return static_cast<const T*>(in)->index(); };
    type.content = [](const void* in) -> const void* {
        return std::visit([](const auto& value) -> const void* { return &value; },
                          *static_cast<const T*>(in));
    };
    return type;
}

}  // namespace detail

template <class T>
constexpr Type make_type() {
    using namespace detail;
    if constexpr (std::is_same_v<T, bool>)
        return boolean_type();
    else if constexpr (std::is_integral_v<T> || is_bounded<T>)
        return integer_type<T>();
    else if constexpr (std::is_same_v<T, std::string>)
        return string_type();
    else if constexpr (DescribedEnum<T>)
        return enumeration_type<T>();
    else if constexpr (is_optional<T>)
        return optional_type<T>();
    else if constexpr (is_vector<T>)
        return vector_type<T>();
    else if constexpr (is_lenient<T>)
        return lenient_type<T>();
    else if constexpr (is_variant<T>)
        return choice_type<T>();
    else if constexpr (Parsable<T>)
        return parsable_type<T>();
    else {
        static_assert(Described<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
        return object_type<T>();
    }
}

}  // namespace cadenza::json
