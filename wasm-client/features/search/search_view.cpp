#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

Html section(std::string_view title, const Html& content) {
    return html("<section class=\"section\"><h2>{}</h2>{}</section>", title, content);
}

Html tracks(const State& state, const TrackPage& page, const std::string& address) {
    Html rows;
    for (std::size_t i = 0; i < page.items.size(); ++i) {
        action::Play play;
        if (auto uri = Uri::parse(page.items[i].id.uri())) play.track = std::move(*uri);
        play.list = address;
        rows += track_row(state, {.index = static_cast<std::int32_t>(i),
                                  .total = static_cast<std::int32_t>(page.items.size()),
                                  .track = &page.items[i],
                                  .play = std::move(play)})
                    .markup;
    }
    return html("<ul class=\"rows is-tracks is-compact\" role=\"list\">{}</ul>", rows);
}

template <class T, class Fn>
Html cards(const std::optional<cadenza::Page<T>>& page, std::string_view title, Fn&& card_of) {
    if (!page || page->items.empty()) return {};
    return section(title, html("<ul class=\"cards\" role=\"list\">{}</ul>", each(page->items, card_of)));
}

bool is_empty(const SearchResults& results) {
    return (!results.tracks || results.tracks->items.empty()) &&
           (!results.albums || results.albums->items.empty()) &&
           (!results.artists || results.artists->items.empty()) &&
           (!results.playlists || results.playlists->items.empty());
}

Html results_view(const State& state, const SearchResults& results, const std::string& address,
                  const std::string& query) {
    if (is_empty(results))
        return empty_state("search", "Nothing found for “" + query + "”",
                           "Check the spelling, or try fewer words.");
    Html out;
    if (results.tracks && !results.tracks->items.empty())
        out += section("Songs", tracks(state, *results.tracks, address));
    out += cards(results.artists, "Artists", [](const Artist& artist) {
        return card({page::Artist{artist.id}, artist.name, "Artist", &artist.images, "artist"});
    });
    out += cards(results.albums, "Albums", [](const Album& album) {
        return card({page::Album{album.id}, album.name, names(album.artists), &album.images, "album"});
    });
    out += cards(results.playlists, "Playlists", [](const Playlist& playlist) {
        return card(
            {page::Playlist{playlist.id}, playlist.name, playlist.owner, &playlist.images, "playlist"});
    });
    return out;
}

}  // namespace

PageView search_view(const State& state, const page::Search& page) {
    const auto address = search_address(page.query);
    const auto content =
        page.query.empty()
            ? empty_state("search", "What would you like to hear?",
                          "Type the name of a song, an album or an artist above.")
            : shown<SearchResults>(state, address, skeleton_rows(8), [&](const SearchResults& results) {
                  return results_view(state, results, address, page.query);
              });
    return {
        html("<div class=\"page\"><h1 id=\"page-title\" tabindex=\"-1\" class=\"page-title\">{}</h1>{}</div>",
             page.query.empty() ? std::string("Search") : "Results for “" + page.query + "”", content),
        std::nullopt};
}

}  // namespace cadenza::client
