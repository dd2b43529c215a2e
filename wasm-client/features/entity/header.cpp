#include "wasm-client/features/entity/header.hpp"

namespace cadenza::client {

Html entity_header(const State& state, const EntityHeader& header) {
    action::Play play;
    if (auto uri = Uri::parse(header.uri)) play.context = std::move(*uri);
    return html(
        "<header class=\"entity-head\">{}<div class=\"entity-text\"><p class=\"kind\">{}</p>"
        "<h1 id=\"page-title\" tabindex=\"-1\" class=\"entity-title\">{}</h1>{}<p "
        "class=\"entity-detail\">{}</p>"
        "<div class=\"entity-actions\">{}{}{}</div></div></header>",
        cover(*header.images, 200, header.cover_kind), header.kind, header.name,
        when(!header.description.empty(),
             [&] { return html("<p class=\"entity-description\">{}</p>", header.description); }),
        header.detail, play_button(play, header.name), like_button(state, header.uri, header.name),
        spotify_link(header.link, header.name));
}

Html entity_skeleton() {
    return html(
        "<div class=\"entity-head skeleton\" aria-hidden=\"true\"><span class=\"bone bone-hero\"></span><div "
        "class=\"entity-text\"><span class=\"bone bone-detail\"></span><span class=\"bone "
        "bone-name\"></span><span "
        "class=\"bone bone-detail\"></span></div></div>");
}

}  // namespace cadenza::client
