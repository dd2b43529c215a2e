#include "wasm-client/features/entity/header.hpp"
#include "wasm-client/features/shell/page_view.hpp"
#include "wasm-client/features/shell/parts.hpp"

namespace cadenza::client {
namespace {

std::string_view kind_of(const Album& album) {
    switch (album.album_type) {
        case AlbumType::album: return "Album";
        case AlbumType::single: return "Single";
        case AlbumType::compilation: return "Compilation";
    }
    return "Album";
}

Html header(const State& state, const Album& album) {
    const auto songs = counted(album.total_tracks, "song", "songs");
    return entity_header(
        state, {.kind = kind_of(album),
                .cover_kind = "album",
                .name = album.name,
                .detail = html("{} · {} · {}", artist_links(album.artists), release_year(album), songs),
                .description = {},
                .images = &album.images,
                .uri = album.id.uri(),
                .link = album.id.link()});
}

}  // namespace

PageView album_view(const State& state, const page::Album& page) {
    PageView out;
    const auto head_address = address(endpoint::album, AlbumPath{page.id});
    const auto first_address = album_tracks_page(page.id, 0);
    const auto head = entity_head<Album>(state, head_address, "Album",
                                         [&](const Album& album) { return header(state, album); });
    const auto list = under_head<Album, TrackPage>(state, head_address, first_address, [&] {
        return shown<TrackPage>(state, first_address, skeleton_rows(10), [&](const TrackPage& tracks) {
            return list_frame(state, tracks.total, "Songs", "album-tracks");
        });
    });
    if (const auto* first = state.resources.get<TrackPage>(first_address)) {
        const auto total = first->total.get();
        out.rows = list_rows(state, total, [&](std::int32_t index) {
            const auto found = row_of<Track>(
                state.resources.get<TrackPage>(album_tracks_page(page.id, index / page_size)), index);
            if (!found.item)
                return missing_row(
                    index, total,
                    absence_of(state, found.unavailable, album_tracks_page(page.id, index / page_size)));
            action::Play play;
            if (auto uri = Uri::parse(page.id.uri())) play.context = std::move(*uri);
            if (auto uri = Uri::parse(found.item->id.uri())) play.track = std::move(*uri);
            return track_row(state, {.index = index,
                                     .total = total,
                                     .track = found.item,
                                     .play = std::move(play),
                                     .added_at = {},
                                     .numbered = true});
        });
    }
    out.markup = html("<div class=\"page\">{}{}{}</div>", head, age_line(state, head_address), list);
    return out;
}

}  // namespace cadenza::client
