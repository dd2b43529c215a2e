#pragma once

// What a C++ type looks like on the wire, as a table made at compile time from Boost.Describe. The decoder,
// the encoder, the query strings and the JSON Schema read these tables; nothing about the wire is written
// twice.

#include "shared/base/bounded.hpp"
#include "shared/base/error.hpp"
#include "shared/base/type_name.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace cadenza::json {

// An array from somebody else's API: entries that cannot be read are dropped and counted, they never fail the
// whole.
template <class T>
struct Lenient {
    std::vector<T> items;
    Count dropped;

    bool operator==(const Lenient&) const = default;
};

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

template <class T>
constexpr Type make_type();
template <class T>
inline constexpr Type type_of = make_type<T>();

namespace detail {

namespace describe = boost::describe;

template <class T>
concept Described = describe::has_describe_members<T>::value;
template <class T>
concept DescribedEnum = describe::has_describe_enumerators<T>::value;
template <class T>
concept Parsable = requires(std::string_view s, const T& t) {
    T::parse(s);
    t.str();
};
template <class T>
concept Validated = requires(const T& t) { validate(t); };

template <class T>
inline constexpr bool is_bounded = false;
template <class Int, Int a, Int b>
inline constexpr bool is_bounded<Bounded<Int, a, b>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_lenient = false;
template <class T>
inline constexpr bool is_lenient<Lenient<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

constexpr std::string_view wire_name(std::string_view member) {
    return member.ends_with('_') ? member.substr(0, member.size() - 1) : member;
}

template <class T, class List>
struct Fields;
template <class T, template <class...> class List, class... D>
struct Fields<T, List<D...>> {
    template <class Descriptor>
    using Member = std::remove_reference_t<decltype(std::declval<T&>().*Descriptor::pointer)>;

    template <class Descriptor>
    static constexpr Field field() {
        using M = Member<Descriptor>;
        return {wire_name(Descriptor::name), &type_of<M>,
                [](void* object) -> void* { return &(static_cast<T*>(object)->*Descriptor::pointer); },
                !(is_optional<M> || is_vector<M> || is_lenient<M>)};
    }
    static constexpr std::array<Field, sizeof...(D)> value{field<D>()...};
};
template <class T>
using FieldsOf = Fields<T, describe::describe_members<T, describe::mod_public>>;

template <class T, class List>
struct Words;
template <class T, template <class...> class List, class... D>
struct Words<T, List<D...>> {
    static constexpr std::array<std::string_view, sizeof...(D)> value{wire_name(D::name)...};
    static constexpr std::array<T, sizeof...(D)> values{D::value...};
};
template <class T>
using WordsOf = Words<T, describe::describe_enumerators<T>>;

template <class Variant>
struct Cases;
template <class... T>
struct Cases<std::variant<T...>> {
    using Variant = std::variant<T...>;
    static constexpr std::array<Case, sizeof...(T)> value{
        Case{case_name_of<T>.view(), &type_of<T>,
             [](void* choice) -> void* { return &static_cast<Variant*>(choice)->template emplace<T>(); }}...};
};

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
