#pragma once

// What several pages are made of.

#include "wasm-client/app/state.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/html/screen.hpp"

namespace cadenza::client {

// A symbol of public/icons.svg; decorative, what it stands for is written beside it or in a label.
Html icon(std::string_view name);
// Whole and square, as Spotify wants it; a quiet placeholder when there is none. `pixels` is its size on
// screen.
Html cover(const std::vector<Image>& images, std::int32_t pixels, std::string_view kind = "album");
Html artist_links(const std::vector<ArtistRef>& artists);
// "1 song", "2,000 songs"
std::string counted(std::int32_t count, std::string_view one, std::string_view many);
// A heart that says whether `uri` is in the library.
Html like_button(const State& state, const std::string& uri, const std::string& name);
Html spotify_link(const std::string& link, const std::string& name);
Html play_button(const action::Play& play, const std::string& name);

struct TrackRow {
    std::int32_t index{};  // in the whole list, from 0
    std::int32_t total{};
    const Track* track{};
    action::Play play;
    std::optional<std::int64_t> added_at;
    bool numbered{};                 // an album's: its number in place of the cover
    std::string_view prefix{"row"};  // of its id, where a page has several lists
};
Region track_row(const State& state, const TrackRow& row);
// A row that is not here.
Region missing_row(std::int32_t index, std::int32_t total, Absence why);

struct EntityRow {
    std::int32_t index{};
    std::int32_t total{};
    Page page;
    std::string name;
    std::string detail;
    const std::vector<Image>* images{};
    std::string_view kind{"album"};
};
Region entity_row(const EntityRow& row);

struct Card {
    Page page;
    std::string name;
    std::string detail;
    const std::vector<Image>* images{};
    std::string_view kind{"album"};
};
Html card(const Card& card);

// The windowed list of the current page; `total` rows, of which those on screen are in Screen::lists.
Html list_frame(const State& state, std::int32_t total, std::string_view label, std::string_view kind);
// The rows of it that are wanted, made by `row(index)`.
template <class Fn>
Rows list_rows(const State& state, std::int32_t total, Fn&& row) {
    Rows out{list_id(state.page), {}};
    const auto window = rows_wanted(state);
    for (auto i = window.first; i < std::min(window.last, total); ++i) out.rows.push_back(row(i));
    return out;
}

// At the edge of a pane, to make it wider or narrower. Below `least` it snaps to `min`; `usual` is what a
// double click brings back. In CSS pixels; the host moves it (host/splitters.js).
struct Splitter {
    std::string_view pane;   // id of the pane
    std::string_view name;   // for screen readers
    std::string_view grows;  // "left" or "right": where it goes when the pane becomes wider
    std::int32_t least{}, min{}, max{}, usual{};
};
Html splitter(const Splitter& splitter);

// What a page says in place of its content.
Html skeleton_rows(std::int32_t count);
Html empty_state(std::string_view symbol, std::string_view title, std::string_view text,
                 const Html& action = {});
Html trouble_state(const State& state, const Resource& resource);
// "Saved 2 h ago", while what is shown may have changed since; nothing otherwise.
Html age_line(const State& state, const std::string& address);

// Whether what is at that address may still come; if not, it is here or its trouble is.
bool is_awaited(const State& state, const std::string& address);

// The resource's content by `content(value)`, else its skeleton or what went wrong.
template <class T, class Fn>
Html shown(const State& state, const std::string& address, const Html& skeleton, Fn&& content) {
    if (const auto* value = state.resources.get<T>(address)) return content(*value);
    return is_awaited(state, address) ? skeleton : trouble_state(state, *state.resources.find(address));
}

}  // namespace cadenza::client
