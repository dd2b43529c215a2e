#pragma once

#include "wasm-client/features/shell/parts.hpp"

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

// The head made by `header(value)`. While there is none, or never will be, a heading that is only read out
// takes its place: whoever arrives must land on something.
template <class T, class Fn>
Html entity_head(const State& state, const std::string& address, std::string_view kind, Fn&& header) {
    if (const auto* value = state.resources.get<T>(address)) return header(*value);
    return html("<h1 id=\"page-title\" tabindex=\"-1\" class=\"hidden\">{}</h1>{}", kind,
                shown<T>(state, address, entity_skeleton(), header));
}

// The list under a head, by `list()`. Where neither came, the head's place says why for both.
template <class Head, class List, class Fn>
Html under_head(const State& state, const std::string& head, const std::string& first, Fn&& list) {
    const bool neither = !state.resources.get<Head>(head) && !state.resources.get<List>(first);
    return neither && !is_awaited(state, head) ? Html() : list();
}

}  // namespace cadenza::client
