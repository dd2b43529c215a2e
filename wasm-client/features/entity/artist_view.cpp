#include "wasm-client/features/entity/header.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

Html header(const State& state, const Artist& artist) {
    std::string genres;
    for (const auto& genre : artist.genres) genres += (genres.empty() ? "" : ", ") + genre;
    return entity_header(state, {.kind = "Artist",
                                 .cover_kind = "artist",
                                 .name = artist.name,
                                 .detail = html("{}", genres),
                                 .description = {},
                                 .images = &artist.images,
                                 .uri = artist.id.uri(),
                                 .link = artist.id.link()});
}

std::string detail_of(const Album& album) {
    const auto year = std::string(release_year(album));
    return album.album_type == AlbumType::single ? year + " · Single" : year;
}

Html albums(const State& state, const page::Artist& page) {
    const auto found = state.shown.find(list_id(page));
    const auto pages = found == state.shown.end() ? 1 : found->second;
    Html cards;
    bool more = false;
    for (std::int32_t nth = 0; nth < pages; ++nth) {
        const auto* albums = state.resources.get<AlbumPage>(artist_albums_page(page.id, nth));
        if (!albums) break;
        cards += each(albums->items, [](const Album& album) {
            return card({page::Album{album.id}, album.name, detail_of(album), &album.images, "album"});
        });
        more = (nth + 1) * short_page_size < albums->total;
    }
    return html(
        "<ul class=\"cards\" role=\"list\">{}</ul>{}", cards, when(more, [&] {
            return html(
                "<p class=\"more\"><button type=\"button\" class=\"button\" data-on-click=\"{}\">Show more"
                "</button></p>",
                on(action::ShowMore{artist_albums_page(page.id, pages)}));
        }));
}

}  // namespace

PageView artist_view(const State& state, const page::Artist& page) {
    const auto head_address = address(endpoint::artist, ArtistPath{page.id});
    const auto first = artist_albums_page(page.id, 0);
    const auto head = entity_head<Artist>(state, head_address, "Artist",
                                          [&](const Artist& artist) { return header(state, artist); });
    const auto list = under_head<Artist, AlbumPage>(state, head_address, first, [&] {
        const auto content =
            shown<AlbumPage>(state, first, skeleton_rows(4), [&](const AlbumPage& page_of_albums) {
                if (page_of_albums.total == 0)
                    return empty_state("disc", "No albums", "Spotify lists none of this artist.");
                return albums(state, page);
            });
        return html("<section class=\"section\"><h2>Albums and singles</h2>{}</section>", content);
    });
    return {html("<div class=\"page\">{}{}{}</div>", head, age_line(state, head_address), list),
            std::nullopt};
}

}  // namespace cadenza::client
