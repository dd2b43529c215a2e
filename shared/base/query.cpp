#include "shared/base/query.hpp"

#include <charconv>

namespace cadenza {
namespace {

using json::Kind;
using json::Type;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Status assign_integer(const Type& type, void* out, std::string_view text) {
    std::int64_t value{};
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto [stop, ec] = std::from_chars(begin, end, value);
    if (ec != std::errc{} || stop != end || value < type.min || value > type.max)
        return Error{Errc::invalid_value, "integer from " + std::to_string(type.min) + " to " +
                                              std::to_string(type.max) + " expected"};
    type.set_integer(out, value);
    return {};
}

Status assign(const Type& type, void* out, std::string_view text);

Status assign_list(const Type& type, void* out, std::string_view text) {
    bool more = !text.empty();
    while (more) {
        const auto comma = text.find(',');
        if (auto status = assign(*type.element, type.grow(out), text.substr(0, comma)); !status)
            return status;
        more = comma != text.npos;
        if (more) text.remove_prefix(comma + 1);
    }
    if (!json::holds(type, type.size(out))) return Error{Errc::invalid_value, json::expected_count(type)};
    return {};
}

Status assign(const Type& type, void* out, std::string_view text) {
    switch (type.kind) {
        case Kind::boolean:
            if (text != "true" && text != "false")
                return Error{Errc::invalid_value, "true or false expected"};
            type.set_boolean(out, text == "true");
            return {};
        case Kind::integer: return assign_integer(type, out, text);
        case Kind::text:
        case Kind::enumeration: return type.set_text(out, text);
        case Kind::optional: return assign(*type.element, type.grow(out), text);
        case Kind::array: return assign_list(type, out, text);
        case Kind::object:
        case Kind::choice: break;
    }
    return Error{Errc::invalid_value, "not a parameter"};
}

std::string text_of(const Type& type, const void* value) {
    switch (type.kind) {
        case Kind::boolean: return type.get_boolean(value) ? "true" : "false";
        case Kind::integer: return std::to_string(type.get_integer(value));
        case Kind::text:
        case Kind::enumeration: return percent_encode(type.get_text(value));
        case Kind::optional:
        case Kind::array: {
            std::string out;
            for (std::size_t i = 0; i < type.size(value); ++i) {
                if (i > 0) out += ',';
                out += text_of(*type.element, type.element_at(value, i));
            }
            return out;
        }
        case Kind::object:
        case Kind::choice: break;
    }
    return {};
}

}  // namespace

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 0xF];
        }
    }
    return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return Error{Errc::invalid_value, "broken percent escape"};
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!query.empty()) {
        const auto ampersand = query.find('&');
        const auto part = query.substr(0, ampersand);
        query.remove_prefix(ampersand == query.npos ? query.size() : ampersand + 1);
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(equals == part.npos ? std::string_view{} : part.substr(equals + 1), true);
        if (!name) return name.error();
        if (!value) return value.error();
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

namespace json {

Status decode_parameters(const std::vector<std::pair<std::string, std::string>>& parameters, const Type& type,
                         void* out, std::string_view place) {
    const auto fail = [&](std::string_view name, std::string_view why) -> Status {
        return Error{Errc::invalid_value,
                     std::string(place) + "." + std::string(name.substr(0, 40)) + ": " + std::string(why)};
    };
    std::uint64_t seen = 0;
    for (const auto& [name, value] : parameters) {
        std::size_t i = 0;
        while (i < type.fields.size() && type.fields[i].name != name) ++i;
        if (i == type.fields.size()) return fail(name, "unknown parameter");
        if ((seen >> i & 1) != 0) return fail(name, "given twice");
        seen |= std::uint64_t{1} << i;
        const auto& field = type.fields[i];
        if (auto status = assign(*field.type, field.at(out), value); !status)
            return fail(name, status.error().detail);
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i)
        if (type.fields[i].required && (seen >> i & 1) == 0) return fail(type.fields[i].name, "missing");
    if (!type.validate) return {};
    auto status = type.validate(out);
    return status ? status
                  : Status{Error{status.error().code, std::string(place) + ": " + status.error().detail}};
}

std::string encode_parameters(const Type& type, const void* value) {
    std::string out;
    for (const auto& field : type.fields) {
        const void* member = field.at(const_cast<void*>(value));  // only its address is taken
        const bool list = field.type->kind == Kind::optional || field.type->kind == Kind::array;
        if (list && field.type->size(member) == 0) continue;
        if (!out.empty()) out += '&';
        out.append(field.name) += '=';
        out += text_of(*field.type, member);
    }
    return out;
}

}  // namespace json
}  // namespace cadenza
