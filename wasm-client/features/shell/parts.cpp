#include "wasm-client/features/shell/parts.hpp"

#include "shared/base/time.hpp"
#include "wasm-client/features/library/likes.hpp"

namespace cadenza::client {
namespace {

std::string row_id(std::int32_t index, std::string_view prefix = "row") {
    return std::string(prefix) + "-" + std::to_string(index);
}

struct Words {
    std::string_view title, detail;
};
Words words_for(Absence why) {
    if (why == Absence::missing) return {"Not on this device", "It loads when the server can be reached"};
    if (why == Absence::failed) return {"Could not be loaded", "Nothing is lost"};
    return {"Not available", "A local file, a podcast, or withdrawn from Spotify"};
}

bool is_playing(const State& state, const Track& track) {
    const auto& item = state.player.now.item;
    return item && item->uri && item->uri->id() == track.id.str();
}

Html album_link(const Track& track) {
    if (!track.album) return {};
    return html("<a class=\"row-album\" href=\"{}\">{}</a>",
                Href::path(address_of(page::Album{track.album->id})), track.album->name);
}

Html lead(const TrackRow& row) {
    if (row.numbered) return html("<span class=\"row-number\" aria-hidden=\"true\">{}</span>", row.index + 1);
    static const std::vector<Image> none;
    return cover(row.track->album ? row.track->album->images : none, 40);
}

// "in 3 min": as coarse as it is useful, and the same in every time zone.
std::string time_until(std::int64_t instant, std::int64_t now) {
    const auto minutes = (instant - now + 59'999) / 60'000;
    if (minutes <= 1) return "in a minute";
    if (minutes < 100) return "in " + std::to_string(minutes) + " min";
    return "in " + std::to_string((minutes + 30) / 60) + " hours";
}

// Beside the heart where there is room for it; else behind a button, in a sheet.
Html more_actions(const Track& track, const std::string& row) {
    const auto parsed = Uri::parse(track.id.uri());
    return html(
        "<button type=\"button\" class=\"icon-button row-more\" popovertarget=\"{}-more\" aria-label=\"{}\">"
        "{}</button><div popover id=\"{}-more\" class=\"row-sheet\"><button type=\"button\" "
        "class=\"icon-button to-queue\" aria-label=\"{}\" data-on-click=\"{}\">{}</button>{}</div>",
        row, "More for " + track.name, icon("more"), row, "Add " + track.name + " to the queue",
        parsed ? on(action::Enqueue{*parsed, track.name}) : std::string(), icon("queue-add"),
        spotify_link(track.id.link(), track.name));
}

}  // namespace

Html icon(std::string_view name) {
    return html("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}\"></use></svg>",
                Href::path("/icons.svg#" + std::string(name)));
}

Html cover(const std::vector<Image>& images, std::int32_t pixels, std::string_view kind) {
    // Twice the size for screens with small pixels.
    const auto* image = best_image(images, pixels * 2);
    if (!image)
        return html("<span class=\"cover cover-none is-{}\" aria-hidden=\"true\">{}</span>", kind,
                    icon(kind == "artist" ? "artist" : "note"));
    return html(
        "<img class=\"cover is-{}\" src=\"{}\" alt=\"\" width=\"{}\" height=\"{}\" loading=\"lazy\" "
        "decoding=\"async\">",
        kind, image->url, pixels, pixels);
}

Html artist_links(const std::vector<ArtistRef>& artists) {
    Html out;
    for (const auto& artist : artists) {
        if (!out.empty()) out += html(", ");
        out += html("<a href=\"{}\">{}</a>", Href::path(address_of(page::Artist{artist.id})), artist.name);
    }
    return out;
}

std::string counted(std::int32_t count, std::string_view one, std::string_view many) {
    auto digits = std::to_string(count);
    for (auto at = static_cast<std::int32_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits + " " + std::string(count == 1 ? one : many);
}

Html like_button(const State& state, const std::string& uri, const std::string& name) {
    const auto parsed = Uri::parse(uri);
    if (!parsed) return {};
    const bool liked = is_liked(state, uri).value_or(false);
    const bool waits = !state.can_ask() && is_pending(state, uri);
    return html(
        "<button type=\"button\" class=\"icon-button like\" aria-pressed=\"{}\" aria-label=\"{}\" "
        "data-on-click=\"{}\"{}>{}{}</button>",
        liked ? "true" : "false", "Like " + name, on(action::ToggleLike{*parsed, name}),
        waits ? attribute("title", "Sent when you are back online") : flag("title", false),
        icon(liked ? "heart-full" : "heart"), when(waits, [] { return icon("clock"); }));
}

Html spotify_link(const std::string& link, const std::string& name) {
    return html(
        "<a class=\"icon-button spotify-link\" href=\"{}\" target=\"_blank\" rel=\"noopener\" "
        "aria-label=\"{}\">{}</a>",
        Href::spotify(link), "Open " + name + " in Spotify", icon("external"));
}

Html play_button(const action::Play& play, const std::string& name) {
    return html(
        "<button type=\"button\" class=\"button primary\" aria-label=\"{}\" "
        "data-on-click=\"{}\">{}<span>Play</span></button>",
        "Play " + name, on(play), icon("play"));
}

Region track_row(const State& state, const TrackRow& row) {
    const auto& track = *row.track;
    const bool playing = is_playing(state, track);
    const auto added =
        row.added_at && *row.added_at > 0 ? format_age(*row.added_at, state.now) : std::string();
    const auto uri = track.id.uri();
    auto id = row_id(row.index, row.prefix);
    auto markup = html(
        "<li id=\"{}\" class=\"row track{}\" aria-posinset=\"{}\" aria-setsize=\"{}\">{}"
        "<div class=\"row-text\"><button type=\"button\" class=\"row-title\" aria-label=\"{}\" "
        "data-on-click=\"{}\"{}{}>"
        "{}</button><span class=\"row-detail\">{}{}</span></div>{}<span class=\"row-added\">{}</span>"
        "<span class=\"row-actions\">{}{}</span><span class=\"row-time\"><span class=\"hidden\">{}</span>"
        "<span aria-hidden=\"true\">{}</span></span></li>",
        id, playing ? " is-playing" : "", row.index + 1, row.total, lead(row), "Play " + track.name,
        on(row.play), attribute("aria-current", playing ? "true" : "false"),
        flag("disabled", !track.playable), track.name,
        when(track.explicit_, [] { return html("<abbr class=\"badge\" title=\"Explicit\">E</abbr>"); }),
        artist_links(track.artists), album_link(track), added, like_button(state, uri, track.name),
        more_actions(track, id), spell_duration(track.duration_ms), format_duration(track.duration_ms));
    return {std::move(id), std::move(markup)};
}

Region missing_row(std::int32_t index, std::int32_t total, Absence why) {
    auto id = row_id(index);
    if (why == Absence::loading) {
        auto bones = html(
            "<li id=\"{}\" class=\"row is-loading\" aria-hidden=\"true\"><span class=\"bone "
            "bone-cover\"></span>"
            "<div class=\"row-text\"><span class=\"bone bone-title\"></span><span class=\"bone "
            "bone-detail\"></span></div></li>",
            id);
        return {std::move(id), std::move(bones)};
    }
    const auto [title, detail] = words_for(why);
    auto markup = html(
        "<li id=\"{}\" class=\"row is-unavailable\" aria-posinset=\"{}\" aria-setsize=\"{}\">"
        "<span class=\"cover cover-none\" aria-hidden=\"true\"></span><div class=\"row-text\">"
        "<span class=\"row-title\">{}</span><span class=\"row-detail\">{}</span></div>{}</li>",
        id, index + 1, total, title, detail, when(why == Absence::failed, [] {
            return html("<button type=\"button\" class=\"button\" data-on-click=\"{}\">Try again</button>",
                        on(action::Retry{}));
        }));
    return {std::move(id), std::move(markup)};
}

Region entity_row(const EntityRow& row) {
    auto id = row_id(row.index);
    auto markup = html(
        "<li id=\"{}\" class=\"row entity\" aria-posinset=\"{}\" aria-setsize=\"{}\">{}<div "
        "class=\"row-text\">"
        "<a class=\"row-title\" href=\"{}\">{}</a><span class=\"row-detail\">{}</span></div></li>",
        id, row.index + 1, row.total, cover(*row.images, 40, row.kind), Href::path(address_of(row.page)),
        row.name, row.detail);
    return {std::move(id), std::move(markup)};
}

Html card(const Card& card) {
    return html(
        "<li class=\"card\">{}<a class=\"card-title\" href=\"{}\">{}</a><span "
        "class=\"card-detail\">{}</span></li>",
        cover(*card.images, 160, card.kind), Href::path(address_of(card.page)), card.name, card.detail);
}

Html list_frame(const State& state, std::int32_t total, std::string_view label, std::string_view kind) {
    const auto first = std::min(rows_wanted(state).first, total);
    return html(
        "<ul id=\"{}\" class=\"rows is-{}\" role=\"list\" aria-label=\"{}\" data-list data-window=\"56\" "
        "data-first=\"{}\" data-total=\"{}\"></ul>",
        list_id(state.page), kind, label, first, total);
}

Html splitter(const Splitter& splitter) {
    return html(
        "<div class=\"splitter\" role=\"separator\" tabindex=\"0\" aria-orientation=\"vertical\" "
        "aria-label=\"{}\" aria-controls=\"{}\" aria-valuemin=\"{}\" aria-valuemax=\"{}\" "
        "aria-valuenow=\"{}\" data-splitter=\"--{}-width\" data-grows=\"{}\" data-least=\"{}\" "
        "data-usual=\"{}\"></div>",
        splitter.name, splitter.pane, splitter.min, splitter.max, splitter.usual, splitter.pane,
        splitter.grows, splitter.least, splitter.usual);
}

Html skeleton_rows(std::int32_t count) {
    Html rows;
    for (std::int32_t i = 0; i < count; ++i)
        rows += html(
            "<div class=\"row is-loading\"><span class=\"bone bone-cover\"></span><div class=\"row-text\">"
            "<span class=\"bone bone-title\"></span><span class=\"bone bone-detail\"></span></div></div>");
    return html("<div class=\"rows skeleton\" aria-hidden=\"true\">{}</div>", rows);
}

Html empty_state(std::string_view symbol, std::string_view title, std::string_view text, const Html& action) {
    return html("<div class=\"state\">{}<h2>{}</h2><p>{}</p>{}</div>", icon(symbol), title, text, action);
}

Html trouble_state(const State& state, const Resource& resource) {
    const auto retry =
        html("<button type=\"button\" class=\"button\" data-on-click=\"{}\">Try again</button>",
             on(action::Retry{}));
    if (!state.online || state.sign_in == SignIn::offline)
        return empty_state(
            "offline", "Not on this device yet",
            "You are offline, and this was not opened here before. It loads when you are back.");
    if (state.sign_in == SignIn::expired)
        return empty_state("lock", "Sign in to continue",
                           "Your sign-in has ended. What you saw before is still here.");
    const auto& problem = resource.trouble ? resource.trouble->problem : std::nullopt;
    if (!problem) return empty_state("offline", "The server cannot be reached", "Nothing is lost.", retry);
    const auto code = code_of(*problem);
    const auto actions =
        html("{}<button type=\"button\" class=\"button\" data-on-click=\"{}\">Copy details</button>", retry,
             on(action::CopyDetails{encode(*problem)}));
    if (code == ProblemCode::not_found)
        return empty_state("search", "Not found",
                           "Spotify does not have this, or does not show it to this account.");
    if (code == ProblemCode::restricted) return empty_state("lock", problem->title, problem->detail);
    if (problem->retry_at) {
        const auto at = "Asking again makes sense " + time_until(*problem->retry_at, state.now) + ".";
        return empty_state("clock", problem->title, problem->detail + " " + at, actions);
    }
    return empty_state("warning", problem->title, problem->detail, actions);
}

bool is_awaited(const State& state, const std::string& address) {
    const auto* resource = state.resources.find(address);
    return !resource || resource->fetching || resource->reading ||
           (!resource->value && !resource->trouble && state.can_ask());
}

Html age_line(const State& state, const std::string& address) {
    const auto* resource = state.resources.find(address);
    if (!resource || !resource->value) return {};
    if (state.can_ask() && (resource->fetching || (!resource->stored && !resource->trouble))) return {};
    return html("<p class=\"age\">{}<span>{}</span></p>", icon("offline"),
                "Saved on this device " + format_age(resource->at, state.now));
}

}  // namespace cadenza::client
