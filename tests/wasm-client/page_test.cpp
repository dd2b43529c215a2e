#include "wasm-client/app/page.hpp"

#include "shared/api/pages.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::client {

TEST_CASE("every page has one address, which leads back to it") {
    const auto album = *AlbumId::parse("0000000000000000000001");
    const auto playlist = *PlaylistId::parse("0000000000000000000002");
    const auto artist = *ArtistId::parse("0000000000000000000003");
    const std::vector<Page> pages{page::Home{},
                                  page::Search{},
                                  page::Search{"héllo & co"},
                                  page::Library{page::Shelf::tracks},
                                  page::Library{page::Shelf::playlists},
                                  page::Library{page::Shelf::albums},
                                  page::Library{page::Shelf::artists},
                                  page::Playlist{playlist},
                                  page::Album{album},
                                  page::Artist{artist},
                                  page::Settings{}};
    for (const auto& page : pages) {
        const auto address = address_of(page);
        CAPTURE(address);
        CHECK(parse_page(address) == page);
        CHECK(is_page(address.substr(0, address.find('?'))));
    }
}

TEST_CASE("anything else is home") {
    for (const auto* address :
         {"", "/nowhere", "/playlist/", "/playlist/short", "/album/000000000000000000000/", "/library/",
          "/library/songs", "//evil.example", "/search/x", "/artist/../settings"})
        CHECK(parse_page(address) == Page(page::Home{}));
    CHECK(problem_in("/?problem=denied") == "denied");
    CHECK(problem_in("/?q=1").empty());
}

}  // namespace cadenza::client
