#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::size_t most_recent = 8;
constexpr std::size_t most_cards = 12;

Html skeleton_cards() {
    Html cards;
    for (int i = 0; i < 6; ++i)
        cards += html(
            "<li class=\"card\"><span class=\"bone bone-card\"></span><span class=\"bone "
            "bone-title\"></span></li>");
    return html("<ul class=\"cards skeleton\" aria-hidden=\"true\">{}</ul>", cards);
}

Html section(std::string_view title, const Html& content) {
    return html("<section class=\"section\"><h2>{}</h2>{}</section>", title, content);
}

// `list` is the address of what they come from; ids begin with `prefix`.
Html track_rows(const State& state, const std::vector<const Track*>& tracks, const std::string& list,
                std::string_view prefix) {
    Html rows;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        action::Play play;
        if (auto uri = Uri::parse(tracks[i]->id.uri())) play.track = std::move(*uri);
        play.list = list;
        rows += track_row(state, {.index = static_cast<std::int32_t>(i),
                                  .total = static_cast<std::int32_t>(tracks.size()),
                                  .track = tracks[i],
                                  .play = std::move(play),
                                  .added_at = {},
                                  .prefix = prefix})
                    .markup;
    }
    return html("<ul class=\"rows is-tracks is-compact\" role=\"list\">{}</ul>", rows);
}

// The same track once, however often it was played.
Html recent(const State& state, const PlayedTrackPage& page) {
    std::vector<const Track*> tracks;
    for (const auto& played : page.items) {
        const bool seen = std::any_of(tracks.begin(), tracks.end(),
                                      [&](const Track* track) { return track->id == played.track.id; });
        if (!seen && tracks.size() < most_recent) tracks.push_back(&played.track);
    }
    if (tracks.empty()) return html("<p class=\"hint\">Nothing yet. What you play shows up here.</p>");
    return track_rows(state, tracks, address(endpoint::recent), "row");
}

constexpr std::string_view not_worked_out = "Spotify has not worked them out yet.";

Html top_tracks(const State& state, const TrackPage& page) {
    if (page.items.empty()) return html("<p class=\"hint\">{}</p>", not_worked_out);
    std::vector<const Track*> tracks;
    tracks.reserve(page.items.size());
    for (const auto& track : page.items) tracks.push_back(&track);
    return track_rows(state, tracks, top_tracks_address(), "top");
}

Html artists(const ArtistPage& page) {
    if (page.items.empty()) return html("<p class=\"hint\">{}</p>", not_worked_out);
    const auto one = [](const Artist& artist) {
        return card({page::Artist{artist.id}, artist.name, artist.genres.empty() ? "" : artist.genres.front(),
                     &artist.images, "artist"});
    };
    return html("<ul class=\"cards\" role=\"list\">{}</ul>", each(page.items, one));
}

Html playlists(const PlaylistPage& page) {
    if (page.items.empty()) return html("<p class=\"hint\">You have no playlists yet.</p>");
    Html cards;
    for (std::size_t i = 0; i < page.items.size() && i < most_cards; ++i) {
        const auto& playlist = page.items[i];
        cards +=
            card({page::Playlist{playlist.id}, playlist.name, playlist.owner, &playlist.images, "playlist"});
    }
    return html("<ul class=\"cards\" role=\"list\">{}</ul>", cards);
}

}  // namespace

PageView home_view(const State& state) {
    const auto recent_address = address(endpoint::recent);
    return {html("<div class=\"page\"><h1 id=\"page-title\" tabindex=\"-1\" "
                 "class=\"page-title\">{}</h1>{}{}{}{}{}</div>",
                 "Home", age_line(state, recent_address),
                 section("Recently played",
                         shown<PlayedTrackPage>(state, recent_address, skeleton_rows(4),
                                                [&](const auto& page) { return recent(state, page); })),
                 section("Your playlists",
                         shown<PlaylistPage>(state, playlists_page(0), skeleton_cards(), playlists)),
                 section("Your top songs",
                         shown<TrackPage>(state, top_tracks_address(), skeleton_rows(4),
                                          [&](const auto& page) { return top_tracks(state, page); })),
                 section("Your top artists",
                         shown<ArtistPage>(state, top_artists_address(), skeleton_cards(), artists))),
            std::nullopt};
}

}  // namespace cadenza::client
