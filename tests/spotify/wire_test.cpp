#include "server/spotify/wire.hpp"

#include "shared/base/json.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::server {

TEST_CASE("descriptions are plain text, of which only Spotify's own entities are undone") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"", ""},
        {"plain", "plain"},
        {"R&amp;B &lt;3 &quot;live&quot;", "R&B <3 \"live\""},
        {"&#34;&#39;&#x27;&#x2F;&#x2f;&gt;", "\"''//>"},
        {"&amp;lt;", "&lt;"},
        {"a & b &unknown; &amp", "a & b &unknown; &amp"},
        {"&", "&"}};
    for (const auto& [escaped, plain] : table) {
        CAPTURE(escaped);
        auto playlist = decode<wire::Playlist>(
            R"({"id":"37i9dQZF1DXcBWIGoYBM5M","name":"n","owner":{"id":"o"},"description":)" +
            encode(escaped) + "}");
        REQUIRE(playlist);
        CHECK(wire::to_contract(std::move(*playlist), "o").description == plain);
    }
}

}  // namespace cadenza::server
