#include "wasm-client/features/player/player_view.hpp"

#include "shared/base/time.hpp"
#include "wasm-client/features/shell/parts.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

bool allowed(const State& state, std::string_view command) {
    const auto& no = state.player.now.disallows;
    return std::find(no.begin(), no.end(), command) == no.end();
}

struct Button {
    std::string_view name, symbol;
    Action action;
    std::string_view kind{};  // class names
    std::string_view id{};
    Attribute pressed{flag("data-plain", false)};
    bool disabled{};
};

Html button(const Button& button) {
    return html(
        "<button type=\"button\" class=\"icon-button {}\" aria-label=\"{}\" "
        "data-on-click=\"{}\"{}{}{}>{}</button>",
        button.kind, button.name, on(button.action),
        button.id.empty() ? flag("id", false) : attribute("id", button.id), button.pressed,
        flag("disabled", button.disabled), icon(button.symbol));
}

Attribute pressed(bool on) { return attribute("aria-pressed", on ? "true" : "false"); }

Html title(const PlayingItem& item) {
    if (item.collection_uri && item.collection_uri->kind() == "album") {
        if (const auto id = AlbumId::parse(item.collection_uri->id()))
            return html("<a class=\"now-title\" href=\"{}\">{}</a>", Href::path(address_of(page::Album{*id})),
                        item.name);
    }
    return html("<span class=\"now-title\">{}</span>", item.name);
}

Html item_actions(const State& state, const PlayingItem& item) {
    if (!item.uri || item.uri->kind() != "track") return {};
    return html("{}{}", like_button(state, item.uri->str(), item.name),
                spotify_link("https://open.spotify.com/track/" + std::string(item.uri->id()), item.name));
}

Html artists_of(const PlayingItem& item) {
    return item.artists.empty() ? html("{}", item.collection) : artist_links(item.artists);
}

Html now_playing(const State& state) {
    const auto& item = state.player.now.item;
    if (!item)
        return html(
            "<div class=\"now\"><span class=\"cover cover-none\" aria-hidden=\"true\">{}</span><div "
            "class=\"now-text\"><span class=\"now-title\">Nothing playing</span></div></div>",
            icon("note"));
    // For the mouse and the finger only: the button among the tools does the same.
    return html(
        "<div class=\"now\"><button type=\"button\" class=\"now-cover\" tabindex=\"-1\" aria-hidden=\"true\" "
        "data-on-click=\"{}\">{}</button><div class=\"now-text\">{}<span "
        "class=\"now-artists\">{}</span></div>{}</div>",
        on(action::ShowPanel{Panel::now}), cover(item->images, 56), title(*item), artists_of(*item),
        item_actions(state, *item));
}

Html transport(const State& state) {
    const auto& now = state.player.now;
    const bool idle = !now.item && !now.device && state.player.here_id.empty();
    const bool empty = !now.item;
    return html("<div class=\"transport\">{}{}{}{}{}</div>",
                button({.name = "Shuffle",
                        .symbol = "shuffle",
                        .action = action::ToggleShuffle{},
                        .kind = "minor",
                        .pressed = pressed(now.shuffle),
                        .disabled = empty}),
                button({.name = "Previous",
                        .symbol = "previous",
                        .action = action::Previous{},
                        .disabled = empty || !allowed(state, "previous")}),
                button({.name = now.is_playing ? "Pause" : "Play",
                        .symbol = now.is_playing ? "pause" : "play",
                        .action = action::TogglePlay{},
                        .kind = "play-button",
                        .disabled = idle}),
                button({.name = "Next",
                        .symbol = "next",
                        .action = action::Next{},
                        .disabled = empty || !allowed(state, "next")}),
                button({.name = "Repeat",
                        .symbol = now.repeat == RepeatMode::track ? "repeat-one" : "repeat",
                        .action = action::CycleRepeat{},
                        .kind = "minor",
                        .pressed = pressed(now.repeat != RepeatMode::off),
                        .disabled = empty}));
}

// `id` of its slider.
Html progress(const State& state, std::string_view id) {
    const auto& now = state.player.now;
    const auto duration = now.item ? now.item->duration_ms.get() : 0;
    const auto rate = now.is_playing ? 1 : 0;
    return html(
        "<div class=\"progress\"><time class=\"time\" data-follows=\"{}\" data-position=\"{}\" "
        "data-at=\"{}\" data-rate=\"{}\" "
        "data-duration=\"{}\">{}</time><input id=\"{}\" class=\"slider\" type=\"range\" min=\"0\" "
        "max=\"{}\" step=\"1000\" data-step=\"5000\" data-leap=\"30000\" "
        "aria-label=\"Seek\" data-position=\"{}\" data-at=\"{}\" data-rate=\"{}\" data-duration=\"{}\" "
        "data-on-change=\"{}\"{}>"
        "<span class=\"time\">{}</span></div>",
        id, now.progress_ms.get(), now.timestamp.get(), rate, duration, format_duration(now.progress_ms), id,
        duration, now.progress_ms.get(), now.timestamp.get(), rate, duration, on(action::Seek{}),
        flag("disabled", !now.item || !allowed(state, "seek")), format_duration(duration));
}

Html volume(const State& state, std::string_view id) {
    const auto percent = state.player.volume.get();
    const auto hundredths = std::to_string(100 + percent).substr(1);
    const auto share = percent == 100 ? std::string("1") : "0." + hundredths;
    // Some devices have a knob of their own.
    const bool fixed = state.player.volume_fixed();
    return html(
        "<div class=\"volume\">{}<input id=\"{}\" class=\"slider\" type=\"range\" min=\"0\" "
        "max=\"100\" data-step=\"5\" data-leap=\"20\" value=\"{}\" aria-label=\"Volume\" "
        "aria-valuetext=\"{} percent\" data-geometry=\"--progress:{}\" data-on-input=\"{}\" "
        "data-on-change=\"{}\"{}></div>",
        button({.name = "Mute",
                .symbol = percent == 0   ? "mute"
                          : percent < 50 ? "volume-low"
                                         : "volume",
                .action = action::ToggleMute{},
                .pressed = pressed(percent == 0),
                .disabled = fixed}),
        id, percent, percent, share, on(action::VolumeMoving{}), on(action::VolumeSet{}),
        flag("disabled", fixed));
}

Html panel_button(const State& state, const Button& about, Panel panel) {
    auto shown = about;
    shown.action = action::ShowPanel{panel};
    shown.pressed = pressed(state.panel == panel);
    return button(shown);
}

Html tools(const State& state) {
    return html(
        "<div class=\"tools\">{}{}{}{}</div>",
        panel_button(state, {.name = "Queue", .symbol = "queue", .id = "queue-button"}, Panel::queue),
        panel_button(state, {.name = "Devices", .symbol = "devices", .id = "devices-button"}, Panel::devices),
        volume(state, "volume"),
        panel_button(state, {.name = "Now playing", .symbol = "expand", .id = "now-button"}, Panel::now));
}

Html elsewhere(const State& state) {
    const auto& now = state.player.now;
    if (state.player.here || !now.device || !now.item) return {};
    return html("<p class=\"elsewhere\">{}<span>{}</span></p>", icon("devices"),
                "Playing on " + now.device->name);
}

std::string_view symbol_of(const Device& device) {
    if (device.type == "Smartphone" || device.type == "Tablet") return "phone";
    if (device.type == "Computer") return "computer";
    return "speaker";
}

Html device_item(const State& state, const Device& device) {
    const bool here = device.id && *device.id == state.player.here_id;
    const bool active = here ? state.player.here : device.is_active && !state.player.here;
    const auto name = here ? std::string("This browser") : device.name;
    return html(
        "<li><button type=\"button\" class=\"device\" data-on-click=\"{}\"{}{}>{}<span "
        "class=\"device-name\">{}</span>"
        "<span class=\"device-state\">{}</span></button></li>",
        on(action::Transfer{device.id.value_or("")}), attribute("aria-current", active ? "true" : "false"),
        flag("disabled", !device.id || device.is_restricted), icon(symbol_of(device)), name,
        active                 ? "Playing"
        : device.is_restricted ? "Cannot be controlled"
                               : "");
}

Html devices_panel(const State& state) {
    const auto note = when(state.player.sdk == Sdk::failed,
                           [&] { return html("<p class=\"hint\">{}</p>", state.player.trouble); });
    return html(
        "{}{}", note,
        shown<Devices>(state, address(endpoint::devices), skeleton_rows(3), [&](const Devices& found) {
            if (found.devices.empty())
                return empty_state("speaker", "No devices",
                                   "Open Spotify on a phone, a computer or a speaker.");
            return html(
                "<ul class=\"devices\" role=\"list\">{}</ul>",
                each(found.devices, [&](const Device& device) { return device_item(state, device); }));
        }));
}

Html queue_item(const PlayingItem& item) {
    return html(
        "<li class=\"queue-item\">{}<span class=\"row-text\"><span class=\"row-title\">{}</span><span "
        "class=\"row-detail\">{}</span></span></li>",
        cover(item.images, 40), item.name, item.artists.empty() ? item.collection : names(item.artists));
}

Html queue_panel(const State& state) {
    return shown<Queue>(state, address(endpoint::queue), skeleton_rows(6), [&](const Queue& queue) {
        if (!queue.current && queue.items.empty())
            return empty_state("queue", "The queue is empty",
                               "Play something, or add songs with the button beside them.");
        return html("{}<h3>Next</h3><ol class=\"queue\" role=\"list\">{}</ol>",
                    when(queue.current.has_value(),
                         [&] {
                             return html("<h3>Now playing</h3><ul class=\"queue\" role=\"list\">{}</ul>",
                                         queue_item(*queue.current));
                         }),
                    each(queue.items, queue_item));
    });
}

// All of the player; where the bar has room for everything, only what the bar cannot show.
Html now_panel(const State& state) {
    const auto& item = state.player.now.item;
    const auto head =
        item ? html(
                   "<div class=\"sheet-art\">{}</div><div class=\"sheet-text\"><div "
                   "class=\"now-text\">{}<span class=\"now-artists\">{}</span></div>{}</div>",
                   cover(item->images, 320), title(*item), artists_of(*item), item_actions(state, *item))
             : empty_state("note", "Nothing playing", "Choose a song and it shows up here.");
    return html(
        "<div class=\"sheet\">{}<div class=\"sheet-controls\">{}{}{}<div "
        "class=\"sheet-links\">{}{}</div></div>"
        "{}</div>",
        head, progress(state, "sheet-seek"), transport(state), volume(state, "sheet-volume"),
        panel_button(state, {.name = "Queue", .symbol = "queue"}, Panel::queue),
        panel_button(state, {.name = "Devices", .symbol = "devices"}, Panel::devices), elsewhere(state));
}

std::string_view panel_name(Panel panel) {
    switch (panel) {
        case Panel::now: return "Now playing";
        case Panel::queue: return "Queue";
        case Panel::devices: return "Devices";
        case Panel::none: break;
    }
    return "Panel";
}

Html panel_content(const State& state) {
    switch (state.panel) {
        case Panel::now: return now_panel(state);
        case Panel::queue: return queue_panel(state);
        case Panel::devices: return devices_panel(state);
        case Panel::none: break;
    }
    return {};
}

}  // namespace

Html bar_view(const State& state) {
    return html(
        "<section id=\"bar\" class=\"bar\" aria-label=\"Player\" tabindex=\"-1\"{}>{}<div "
        "class=\"controls\">{}{}</div>{}{}</section>",
        flag("hidden", state.sign_in == SignIn::signed_out), now_playing(state), transport(state),
        progress(state, "seek"), tools(state), elsewhere(state));
}

Html side_view(const State& state) {
    if (state.panel == Panel::none || !state.has_account())
        return html("<aside id=\"side\" class=\"side\" aria-label=\"Panel\" hidden></aside>");
    return html(
        "<aside id=\"side\" class=\"side\" aria-label=\"{}\"><div class=\"side-inside\"><div "
        "class=\"side-head\"><h2 id=\"side-title\" "
        "tabindex=\"-1\">{}</h2>{}"
        "</div>{}</div>{}</aside>",
        panel_name(state.panel), panel_name(state.panel),
        button({.name = "Close", .symbol = "close", .action = action::ShowPanel{state.panel}}),
        panel_content(state),
        splitter({.pane = "side",
                  .name = "Width of the panel",
                  .grows = "left",
                  .least = 280,
                  .min = 280,
                  .max = 480,
                  .usual = 320}));
}

}  // namespace cadenza::client
