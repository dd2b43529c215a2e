#include "shared/api/openapi.hpp"

#include "shared/api/endpoints.hpp"
#include "shared/api/problem.hpp"
#include "shared/base/schema.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

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

TEST_CASE("a write states the header it needs, and what concerns an account the one it takes") {
    const auto document = Document::parse(openapi_document("1"));
    const Document write{{"$ref", "#/components/parameters/Cadenza"}};
    const Document account{{"$ref", "#/components/parameters/Account"}};
    for (const auto* row : endpoints) {
        CAPTURE(row->path);
        std::string method(name(row->method));
        for (auto& c : method) c = json::to_lower(c);
        const auto& operation = document["paths"][std::string(row->path)][method];
        const auto given = operation.value("parameters", Document::array());
        CHECK(std::count(given.begin(), given.end(), write) == (is_safe(row->method) ? 0 : 1));
        CHECK(std::count(given.begin(), given.end(), account) == (row->access == Access::account ? 1 : 0));
    }
    CHECK(document["components"]["parameters"]["Cadenza"]["name"] == "X-Cadenza");
    CHECK(document["components"]["parameters"]["Account"]["required"] == false);
}

TEST_CASE("what a body may not hold is not in its schema either") {
    const auto document = Document::parse(openapi_document("1"));
    const auto& schemas = document["components"]["schemas"];
    for (const auto* name :
         {"Edit", "ChangeLike", "ChangeUnlike", "CommandPlay", "CommandOffset", "CommandNext"}) {
        CAPTURE(name);
        CHECK(schemas[name]["additionalProperties"] == false);
    }
    for (const auto* name : {"Track", "Playback", "SessionInfo"})
        CHECK_FALSE(schemas[name].contains("additionalProperties"));
    CHECK(schemas["Edit"]["properties"]["id"]["pattern"] == EditId::pattern);
    CHECK(schemas["CommandPlay"]["properties"]["uris"]["maxItems"] == 100);
    const auto& q = document["paths"]["/api/search"]["get"]["parameters"][0]["schema"];
    CHECK(q == Document{{"type", "string"}, {"minLength", 1}, {"maxLength", 200}});
    const auto& uris = document["paths"]["/api/library/contains"]["get"]["parameters"][0];
    CHECK(uris["required"] == true);
    CHECK(uris["schema"]["minItems"] == 1);
    CHECK(uris["schema"]["maxItems"] == 40);
}

void collect(const json::Type& type, std::set<const json::Type*>& out) {
    if (!out.insert(&type).second) return;
    if (type.element) collect(*type.element, out);
    for (const auto& field : type.fields) collect(*field.type, out);
    for (const auto& option : type.cases) collect(*option.type, out);
}

TEST_CASE("no two types share a schema name") {
    std::set<const json::Type*> types;
    for (const auto* row : endpoints)
        for (const auto* type : {row->parameters, row->query, row->body, row->answer}) collect(*type, types);
    collect(json::type_of<Problem>, types);
    std::map<std::string_view, const json::Type*> named;
    for (const auto* type : types) {
        if (type->name.empty()) continue;
        CAPTURE(type->name);
        CHECK(named.emplace(type->name, type).second);
    }
    CHECK(named.size() > 40);
    CHECK(named.at("Queue") != named.at("CommandQueue"));
}

// What the schema accepts is what the decoder accepts.
template <class T>
void check_pattern(const std::vector<std::string>& texts) {
    const std::regex pattern{std::string(T::pattern)};
    std::size_t accepted = 0;
    for (const auto& text : texts) {
        CAPTURE(text);
        const bool is = T::parse(text).has_value();
        CHECK(is == std::regex_search(text, pattern));
        accepted += is ? 1 : 0;
    }
    CHECK(accepted > 0);
    CHECK(accepted < texts.size());
}

TEST_CASE("patterns and decoders agree") {
    check_pattern<Url>({"https://i.scdn.co/image/ab67",
                        "https://i.scdn.co",
                        "https://a.example:8443/x?y=(z)&a[]=1|2#f",
                        "https://[2001:db8::1]:444/x",
                        "http://127.0.0.1:8001/x",
                        "http://[::1]/x",
                        "http://localhost",
                        "http://a.example/x",
                        "http://127.0.0.1.nip.io/",
                        "https://",
                        "https:///x",
                        "https://:80/x",
                        "https://a.example:/x",
                        "https://a.example:123456/",
                        "https://a.example:8x/",
                        "https://user@a.example/",
                        "https://a.example@evil.example/",
                        "https://a.example/@x",
                        "https://a b.example/",
                        "https://a.example/a b",
                        "https://a.example/\"x",
                        "https://a.example/<x",
                        "https://a.example\\x",
                        "https://a.example/x\\y",
                        "https://a.example/`",
                        "https://a.example/^",
                        "https://a.example/é",
                        "https://é.example/",
                        "https://[abc/]",
                        "https://[::1]x/",
                        "https://a.example/\n",
                        "ftp://a.example/",
                        "javascript:alert(1)",
                        " https://a.example/",
                        "HTTPS://a.example/",
                        ""});
    check_pattern<Uri>({"spotify:track:4iV5W9uYEdYUVa79Axb7Rh", "spotify:show:4iV5W9uYEdYUVa79Axb7Rh",
                        "spotify:user:joe.1:collection", "spotify:user:a>b", "spotify:user:",
                        "spotify:user:a b", "spotify:user:a,b", "spotify:user:a\"b", "spotify:user:a<b",
                        "spotify:user:a&b", "spotify:user:j\xc3\xb6", "spotify:genre:4iV5W9uYEdYUVa79Axb7Rh",
                        "spotify:track:x", "spotify:track:4iV5W9uYEdYUVa79Axb7Rhh", "spotify:", "track", ""});
    check_pattern<TrackId>(
        {"4iV5W9uYEdYUVa79Axb7Rh", "4iV5W9uYEdYUVa79Axb7R/", "4iV5W9uYEdYUVa79Axb7Rhh", ""});
    check_pattern<EditId>({"edit-123", "edit-12", "_-_-_-_-", std::string(64, 'x'), std::string(65, 'x'),
                           "edit 1234", "edit\n1234", ""});
}

}  // namespace
}  // namespace cadenza
