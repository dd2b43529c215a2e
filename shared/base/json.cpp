#include "shared/base/json.hpp"

#include "shared/base/text.hpp"

#include <charconv>

namespace cadenza::json {
namespace {

void append(std::string& out, std::int64_t value) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void encode_elements(const Type& type, const void* value, std::string& out) {
    out += '[';
    for (std::size_t i = 0; i < type.size(value); ++i) {
        if (i > 0) out += ',';
        encode(*type.element, type.element_at(value, i), out);
    }
    out += ']';
}

void encode_fields(const Type& type, const void* value, std::string& out) {
    out += '{';
    bool first = true;
    for (const auto& field : type.fields) {
        const void* member = field.at(const_cast<void*>(value));  // only its address is taken
        if (field.type->kind == Kind::optional && field.type->size(member) == 0) continue;
        if (!first) out += ',';
        first = false;
        append_json_string(out, field.name);
        out += ':';
        encode(*field.type, member, out);
    }
    out += '}';
}

}  // namespace

void encode(const Type& type, const void* value, std::string& out) {
    switch (type.kind) {
        case Kind::boolean: out += type.get_boolean(value) ? "true" : "false"; break;
        case Kind::integer: append(out, type.get_integer(value)); break;
        case Kind::text:
        case Kind::enumeration: append_json_string(out, type.get_text(value)); break;
        case Kind::optional:
            if (type.size(value) == 0)
                out += "null";
            else
                encode(*type.element, type.element_at(value, 0), out);
            break;
        case Kind::array: encode_elements(type, value, out); break;
        case Kind::object: encode_fields(type, value, out); break;
        case Kind::choice: {
            const auto& chosen = type.cases[type.chosen(value)];
            out += '{';
            append_json_string(out, chosen.name);
            out += ':';
            encode(*chosen.type, type.content(value), out);
            out += '}';
            break;
        }
    }
}

}  // namespace cadenza::json
