#pragma once

// JSON Schema (draft 2020-12) of described types.

#include "shared/base/json_type.hpp"

#include <string>
#include <vector>

namespace cadenza {

// Writes schemas that name structs and enumerations by reference and remembers which it named.
class SchemaWriter {
public:
    // `root` begins a reference: "#/components/schemas/" in OpenAPI, "#/$defs/" in a schema of its own.
    explicit SchemaWriter(std::string root) : root_(std::move(root)) {}

    // {"$ref": …} for what has a name, the schema itself for anything else.
    std::string reference(const json::Type& type);

    // What `type` and what it holds have no other fields: for what is decoded with UnknownFields::refuse.
    void close(const json::Type& type);

    // {"Track": {…}, …}: all that were referred to so far, and what they refer to.
    std::string definitions();

private:
    std::string object(const json::Type& type);
    std::string array(const json::Type& type);
    std::string choice(const json::Type& type);

    std::string root_;
    std::vector<const json::Type*> named_;
    std::vector<const json::Type*> closed_;
};

// A schema that stands by itself.
template <class T>
std::string json_schema() {
    SchemaWriter writer("#/$defs/");
    auto root = writer.reference(json::type_of<T>);
    root.insert(1, R"("$schema":"https://json-schema.org/draft/2020-12/schema",)");
    root.insert(root.size() - 1, ",\"$defs\":" + writer.definitions());
    return root;
}

}  // namespace cadenza
