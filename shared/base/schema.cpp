#include "shared/base/schema.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <limits>

namespace cadenza {
namespace {

using json::Kind;
using json::Type;

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string words(const Type& type) {
    std::string out = R"({"type":"string","enum":[)";
    for (std::size_t i = 0; i < type.words.size(); ++i) {
        if (i > 0) out += ',';
        out += quoted(type.words[i]);
    }
    return out + "]}";
}

std::string text(const Type& type) {
    std::string out = R"({"type":"string")";
    if (!type.pattern.empty()) out += ",\"pattern\":" + quoted(type.pattern);
    if (type.min > 0) out += ",\"minLength\":" + std::to_string(type.min);
    if (type.max > 0) out += ",\"maxLength\":" + std::to_string(type.max);
    return out + "}";
}

}  // namespace

std::string SchemaWriter::reference(const Type& type) {
    switch (type.kind) {
        case Kind::boolean: return R"({"type":"boolean"})";
        case Kind::integer:
            return R"({"type":"integer","minimum":)" + std::to_string(type.min) +
                   ",\"maximum\":" + std::to_string(type.max) + "}";
        case Kind::text: return text(type);
        case Kind::optional: return reference(*type.element);
        case Kind::array: return array(type);
        case Kind::choice: return choice(type);
        case Kind::enumeration:
        case Kind::object: break;
    }
    if (std::find(named_.begin(), named_.end(), &type) == named_.end()) named_.push_back(&type);
    return "{\"$ref\":" + quoted(root_ + std::string(type.name)) + "}";
}

std::string SchemaWriter::array(const Type& type) {
    std::string out = R"({"type":"array","items":)" + reference(*type.element);
    if (type.min > 0) out += ",\"minItems\":" + std::to_string(type.min);
    if (type.max < std::numeric_limits<std::int64_t>::max())
        out += ",\"maxItems\":" + std::to_string(type.max);
    return out + "}";
}

std::string SchemaWriter::choice(const Type& type) {
    std::string out = R"({"type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,)"
                      R"("properties":{)";
    for (std::size_t i = 0; i < type.cases.size(); ++i) {
        if (i > 0) out += ',';
        out += quoted(type.cases[i].name) + ":" + reference(*type.cases[i].type);
    }
    return out + "}}";
}

std::string SchemaWriter::object(const Type& type) {
    std::string properties;
    std::string required;
    for (const auto& field : type.fields) {
        if (!properties.empty()) properties += ',';
        properties += quoted(field.name) + ":" + reference(*field.type);
        if (!field.required) continue;
        if (!required.empty()) required += ',';
        required += quoted(field.name);
    }
    std::string out = R"({"type":"object","properties":{)" + properties + "}";
    if (!required.empty()) out += ",\"required\":[" + required + "]";
    if (std::find(closed_.begin(), closed_.end(), &type) != closed_.end())
        out += ",\"additionalProperties\":false";
    return out + "}";
}

void SchemaWriter::close(const Type& type) {
    if (std::find(closed_.begin(), closed_.end(), &type) != closed_.end()) return;
    closed_.push_back(&type);
    if (type.element) close(*type.element);
    for (const auto& field : type.fields) close(*field.type);
    for (const auto& option : type.cases) close(*option.type);
}

std::string SchemaWriter::definitions() {
    std::string out = "{";
    for (std::size_t i = 0; i < named_.size(); ++i) {  // grows while structs name others
        const Type& type = *named_[i];
        if (i > 0) out += ',';
        const auto body = type.kind == Kind::enumeration ? words(type) : object(type);
        out += quoted(type.name) + ":" + body;
    }
    return out + "}";
}

}  // namespace cadenza
