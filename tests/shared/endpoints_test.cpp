#include "shared/api/endpoints.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/tracks.hpp"

#include <set>

namespace cadenza {
namespace {

TEST_CASE("an endpoint knows its address") {
    CHECK(address(endpoint::config) == "/api/config");
    CHECK(address(endpoint::playlist_items, {id<PlaylistId>(7)}, {50, 50}) ==
          "/api/playlists/0000000000000000000007/items?offset=50&limit=50");
    CHECK(address(endpoint::library_contains, {}, {{*Uri::parse(id<TrackId>(1).uri())}}) ==
          "/api/library/contains?uris=spotify%3Atrack%3A0000000000000000000001");
}

TEST_CASE("the table has every row once, and whoever may write says who they are") {
    std::set<std::pair<Method, std::string_view>> seen;
    for (const auto* row : endpoints) {
        CAPTURE(row->path);
        CHECK(seen.emplace(row->method, row->path).second);
        CHECK_FALSE(row->summary.empty());
        CHECK((row->path.substr(0, 5) == "/api/" || row->path.substr(0, 6) == "/auth/"));
        const bool has_parameter = row->path.find('{') != row->path.npos;
        CHECK(has_parameter == !row->parameters->fields.empty());
        if (row->body->kind == json::Kind::choice || !row->body->fields.empty())
            CHECK(row->access == Access::account);
    }
    CHECK(seen.size() == endpoints.size());
}

}  // namespace
}  // namespace cadenza
