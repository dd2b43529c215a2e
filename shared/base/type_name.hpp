#pragma once

// Short names of C++ types at compile time, for schemas ("TrackPage", "CommandQueue") and for the keys of sum
// types ("seek", "transfer"). Only the short text ends up in the program.

#include <array>
#include <cstddef>
#include <string_view>

namespace cadenza::json {

struct NameBuffer {
    std::array<char, 64> text{};
    std::size_t size{};

    constexpr void push(char c) { text[size++] = c; }
    constexpr void push(std::string_view part) {
        for (const char c : part) push(c);
    }
    constexpr std::string_view view() const { return {text.data(), size}; }
};

// "cadenza::command::Seek"; "cadenza::Page<cadenza::Track>"
template <class T>
constexpr std::string_view qualified_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    const auto begin = text.find("T = ") + 4;
    return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

constexpr std::string_view last_part(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "cadenza::command::Seek" → "CommandSeek": the namespace tells apart what is called alike.
constexpr void push_schema_name(NameBuffer& out, std::string_view name) {
    const auto last = last_part(name);
    if (last.size() + 2 < name.size()) {
        const auto space = last_part(name.substr(0, name.size() - last.size() - 2));
        if (space != "cadenza" && space != "client" && space != "server") {
            out.push(to_upper(space.front()));
            out.push(space.substr(1));
        }
    }
    out.push(last);
}

template <class T>
constexpr NameBuffer schema_name() {
    NameBuffer out;
    const auto name = qualified_name<T>();
    const auto bracket = name.find('<');
    if (bracket == name.npos) {
        push_schema_name(out, name);
    } else {  // "Page<Track>" → "TrackPage"
        push_schema_name(out, name.substr(bracket + 1, name.rfind('>') - bracket - 1));
        push_schema_name(out, name.substr(0, bracket));
    }
    return out;
}

// "SdkStateChanged" → "sdk_state_changed"
template <class T>
constexpr NameBuffer case_name() {
    NameBuffer out;
    for (const char c : last_part(qualified_name<T>())) {
        if (c >= 'A' && c <= 'Z' && out.size > 0) out.push('_');
        out.push(to_lower(c));
    }
    return out;
}

template <class T>
inline constexpr NameBuffer schema_name_of = schema_name<T>();
template <class T>
inline constexpr NameBuffer case_name_of = case_name<T>();

}  // namespace cadenza::json
