#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/html.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cadenza::client {

// The head of a playlist's, an album's or an artist's page.
struct EntityHeader {
    std::string_view kind;  // "Playlist"
    std::string_view cover_kind;
    std::string name;
    Html detail;
    std::string description;
    const std::vector<Image>* images{};
    std::string uri;
    std::string link;
};
Html entity_header(const State& state, const EntityHeader& header);
Html entity_skeleton();

}  // namespace cadenza::client
