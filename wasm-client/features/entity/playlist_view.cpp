#include "wasm-client/features/entity/header.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

Html header(const State& state, const Playlist& playlist) {
    const auto songs = counted(playlist.total, "song", "songs");
    return entity_header(
        state, {.kind = playlist.collaborative ? "Collaborative playlist" : "Playlist",
                .cover_kind = "playlist",
                .name = playlist.name,
                .detail = html("{}{}", playlist.owner, playlist.readable ? " · " + songs : std::string()),
                .description = playlist.description,
                .images = &playlist.images,
                .uri = playlist.id.uri(),
                .link = playlist.id.link()});
}

Html restricted() {
    return empty_state(
        "lock", "Spotify keeps this list to itself",
        "Apps like this one may list only playlists of your own and collaborative ones. It can still be "
        "played as a whole, and opened in Spotify.");
}

}  // namespace

PageView playlist_view(const State& state, const page::Playlist& page) {
    PageView out;
    const auto head_address = address(endpoint::playlist, PlaylistPath{page.id});
    const auto first_address = playlist_items_page(page.id, 0);
    const auto* playlist = state.resources.get<Playlist>(head_address);
    const auto head = entity_head<Playlist>(state, head_address, "Playlist",
                                            [&](const Playlist& found) { return header(state, found); });
    Html list;
    if (playlist && !playlist->readable) {
        list = restricted();
    } else if (playlist) {
        list = shown<PlaylistItemPage>(
            state, first_address, skeleton_rows(10), [&](const PlaylistItemPage& items) {
                if (items.total == 0)
                    return empty_state("playlist", "This playlist is empty",
                                       "Songs added to it at Spotify show up here.");
                return list_frame(state, items.total, playlist->name, "tracks");
            });
    }
    const auto* first = state.resources.get<PlaylistItemPage>(first_address);
    if (playlist && playlist->readable && first && first->total > 0) {
        const auto total = first->total.get();
        out.rows = list_rows(state, total, [&](std::int32_t index) {
            const auto* items =
                state.resources.get<PlaylistItemPage>(playlist_items_page(page.id, index / page_size));
            const auto found = row_of<PlaylistItem>(items, index);
            if (!found.item)
                return missing_row(
                    index, total,
                    absence_of(state, found.unavailable, playlist_items_page(page.id, index / page_size)));
            action::Play play;
            if (auto uri = Uri::parse(page.id.uri())) play.context = std::move(*uri);
            if (auto uri = Uri::parse(found.item->track.id.uri())) play.track = std::move(*uri);
            TrackRow row{
                .index = index, .total = total, .track = &found.item->track, .play = std::move(play)};
            if (found.item->added_at) row.added_at = found.item->added_at->get();
            return track_row(state, row);
        });
    }
    out.markup = html("<div class=\"page\">{}{}{}</div>", head, age_line(state, head_address), list);
    return out;
}

}  // namespace cadenza::client
