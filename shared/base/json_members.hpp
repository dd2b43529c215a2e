#pragma once

// What a C++ type is made of, by Boost.Describe: members, enumerators and cases as rows of the tables in
// json_table.hpp.

#include "shared/base/bounded.hpp"
#include "shared/base/bounded_list.hpp"
#include "shared/base/json_table.hpp"
#include "shared/base/type_name.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
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
template <class T, std::size_t least, std::size_t most>
inline constexpr bool is_vector<BoundedList<T, least, most>> = true;
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

template <class T>
constexpr bool may_be_absent() {
    if constexpr (requires { T::least; })
        return T::least == 0;
    else
        return is_optional<T> || is_vector<T> || is_lenient<T>;
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
                !may_be_absent<M>()};
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

}  // namespace detail
}  // namespace cadenza::json
