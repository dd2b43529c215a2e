#include "shared/api/openapi.hpp"

#include "shared/api/endpoints.hpp"
#include "shared/api/problem.hpp"
#include "shared/base/schema.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <vector>

namespace cadenza {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

bool is_none(const json::Type& type) { return type.kind == json::Kind::object && type.fields.empty(); }

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), json::to_lower);
    return out;
}

class Document {
public:
    std::string write(std::string_view version) {
        std::string paths;
        std::vector<std::string_view> done;
        for (const auto* endpoint : endpoints) {
            if (std::find(done.begin(), done.end(), endpoint->path) != done.end()) continue;
            done.push_back(endpoint->path);
            if (!paths.empty()) paths += ',';
            paths += quoted(endpoint->path) + ":{" + operations(endpoint->path) + "}";
        }
        const auto problem = schemas_.reference(json::type_of<Problem>);
        return R"({"openapi":"3.1.0","info":{"title":"Cadenza","version":)" + quoted(version) +
               R"(,"license":{"name":"Apache-2.0","identifier":"Apache-2.0"}},"paths":{)" + paths +
               R"(},"components":{"securitySchemes":{"session":{"type":"apiKey","in":"cookie","name":"__Host-sid"}},)" +
               R"("parameters":{"Cadenza":{"name":"X-Cadenza","in":"header","required":true,"description":)" +
               R"("Proves, with Origin, that the app's own page asks","schema":{"const":"1"}},)" +
               R"("Account":{"name":"X-Cadenza-Account","in":"header","required":false,"description":)" +
               R"("The account the page shows; 409 account_changed when another is signed in. )" +
               R"(Absent: whichever is","schema":{"type":"string","pattern":"^[0-9A-Za-z_-]{1,64}$"}}},)" +
               R"("responses":{"Problem":{"description":"Refused; `type` says why","content":)" +
               R"({"application/problem+json":{"schema":)" + problem +
               "}}}},\"schemas\":" + schemas_.definitions() + "}}";
    }

private:
    std::string operations(std::string_view path) {
        std::string out;
        for (const auto* endpoint : endpoints) {
            if (endpoint->path != path) continue;
            if (!out.empty()) out += ',';
            out += quoted(lower(name(endpoint->method))) + ":" + operation(*endpoint);
        }
        return out;
    }

    std::string operation(const EndpointInfo& endpoint) {
        std::string out = "{\"summary\":" + quoted(endpoint.summary);
        const auto given = parameters(endpoint);
        if (!given.empty()) out += ",\"parameters\":[" + given + "]";
        schemas_.close(*endpoint.body);
        if (!is_none(*endpoint.body))
            out += R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":)" +
                   schemas_.reference(*endpoint.body) + "}}}";
        out += ",\"responses\":{" + answer(endpoint) +
               R"(,"default":{"$ref":"#/components/responses/Problem"}})";
        if (endpoint.access != Access::open) out += R"(,"security":[{"session":[]}])";
        return out + "}";
    }

    std::string parameters(const EndpointInfo& endpoint) {
        std::string out;
        const auto add = [&](const json::Field& field, std::string_view in, bool required) {
            if (!out.empty()) out += ',';
            out += "{\"name\":" + quoted(field.name) + ",\"in\":" + quoted(in) +
                   ",\"required\":" + (required ? "true" : "false") +
                   (field.type->kind == json::Kind::array ? R"(,"style":"form","explode":false)" : "") +
                   ",\"schema\":" + schemas_.reference(*field.type) + "}";
        };
        for (const auto& field : endpoint.parameters->fields) add(field, "path", true);
        for (const auto& field : endpoint.query->fields) add(field, "query", field.required);
        const auto refer = [&](std::string_view name) {
            if (!out.empty()) out += ',';
            out += "{\"$ref\":" + quoted("#/components/parameters/" + std::string(name)) + "}";
        };
        if (!is_safe(endpoint.method)) refer("Cadenza");
        if (endpoint.access == Access::account) refer("Account");
        return out;
    }

    std::string answer(const EndpointInfo& endpoint) {
        if (is_none(*endpoint.answer)) return R"("204":{"description":"Done"})";
        return R"("200":{"description":"The answer","content":{"application/json":{"schema":)" +
               schemas_.reference(*endpoint.answer) + "}}}";
    }

    SchemaWriter schemas_{"#/components/schemas/"};
};

}  // namespace

std::string openapi_document(std::string_view version) { return Document().write(version); }

}  // namespace cadenza
