#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/screen.hpp"

namespace cadenza::client {

// A page: its markup, and the rows of its list if it has one.
struct PageView {
    Html markup;
    std::optional<Rows> rows;
};

PageView home_view(const State& state);
PageView search_view(const State& state, const page::Search& page);
PageView library_view(const State& state, const page::Library& page);
PageView playlist_view(const State& state, const page::Playlist& page);
PageView album_view(const State& state, const page::Album& page);
PageView artist_view(const State& state, const page::Artist& page);
PageView settings_view(const State& state);

}  // namespace cadenza::client
