#include "shared/api/openapi.hpp"

#include "shared/api/endpoints.hpp"
#include "shared/base/schema.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

namespace cadenza {
namespace {

using Document = nlohmann::json;

// Every "$ref" in `value` must lead somewhere in `root`.
void check_references(const Document& value, const Document& root) {
    if (value.is_object() && value.contains("$ref")) {
        const auto target = value["$ref"].get<std::string>();
        CAPTURE(target);
        REQUIRE(target.substr(0, 2) == "#/");
        CHECK(root.contains(Document::json_pointer(target.substr(1))));
    }
    if (value.is_structured())
        for (const auto& child : value) check_references(child, root);
}

TEST_CASE("the OpenAPI document covers the endpoint table and resolves") {
    const auto document = Document::parse(openapi_document("1.2.3"));
    CHECK(document["openapi"] == "3.1.0");
    CHECK(document["info"]["version"] == "1.2.3");
    std::size_t operations = 0;
    for (const auto& path : document["paths"]) operations += path.size();
    CHECK(operations == endpoints.size());
    check_references(document, document);

    const auto& items = document["paths"]["/api/playlists/{id}/items"]["get"];
    CHECK(items["parameters"][0]["in"] == "path");
    CHECK(items["parameters"][2]["schema"]["maximum"] == 50);
    CHECK(items["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] ==
          "#/components/schemas/PlaylistItemPage");
    CHECK(document["paths"]["/api/edits"]["post"]["responses"].contains("204"));
}

TEST_CASE("a schema tells what the decoder refuses") {
    const auto schema = Document::parse(json_schema<Playback>());
    CHECK(schema["$ref"] == "#/$defs/Playback");
    check_references(schema, schema);
    const auto& device = schema["$defs"]["Device"];
    CHECK(device["properties"]["volume_percent"]["maximum"] == 100);
    CHECK(schema["$defs"]["RepeatMode"]["enum"] == Document::array({"off", "context", "track"}));
    const auto command = Document::parse(json_schema<PlayerCommand>());
    CHECK(command["maxProperties"] == 1);
    CHECK(command["properties"]["queue"]["$ref"] == "#/$defs/CommandQueue");
}

TEST_CASE("no two types share a schema name") {
    const auto document = Document::parse(openapi_document("1"));
    const auto& schemas = document["components"]["schemas"];
    CHECK(schemas.contains("Queue"));
    CHECK(schemas.contains("CommandQueue"));
    CHECK(schemas["Queue"] != schemas["CommandQueue"]);
}

}  // namespace
}  // namespace cadenza
