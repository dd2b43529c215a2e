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

Html button(std::string_view name, std::string_view symbol, const Action& action, std::string_view extra,
            const Attribute& pressed, bool disabled = false) {
    return html(
        "<button type=\"button\" class=\"icon-button {}\" aria-label=\"{}\" "
        "data-on-click=\"{}\"{}{}>{}</button>",
        extra, name, on(action), pressed, flag("disabled", disabled), icon(symbol));
}

Attribute pressed(bool on) { return attribute("aria-pressed", on ? "true" : "false"); }
Attribute none() { return flag("data-plain", false); }

Html title(const PlayingItem& item) {
    if (item.collection_uri && item.collection_uri->kind() == "album") {
        if (const auto id = AlbumId::parse(item.collection_uri->id()))
            return html("<a class=\"now-title\" href=\"{}\">{}</a>", Href::path(address_of(page::Album{*id})),
                        item.name);
    }
    return html("<span class=\"now-title\">{}</span>", item.name);
}

Html now_playing(const State& state) {
    const auto& item = state.player.now.item;
    if (!item)
        return html(
            "<div class=\"now\"><span class=\"cover cover-none\" aria-hidden=\"true\">{}</span><div "
            "class=\"now-text\"><span class=\"now-title\">Nothing playing</span></div></div>",
            icon("note"));
    const bool track = item->uri && item->uri->kind() == "track";
    return html(
        "<div class=\"now\">{}<div class=\"now-text\">{}<span "
        "class=\"now-artists\">{}</span></div>{}{}</div>",
        cover(item->images, 56), title(*item),
        item->artists.empty() ? html("{}", item->collection) : artist_links(item->artists),
        when(track, [&] { return like_button(state, item->uri->str(), item->name); }), when(track, [&] {
            return spotify_link("https://open.spotify.com/track/" + std::string(item->uri->id()), item->name);
        }));
}

Html transport(const State& state) {
    const auto& now = state.player.now;
    const bool idle = !now.item && !now.device && state.player.here_id.empty();
    const char* repeat = now.repeat == RepeatMode::track ? "repeat-one" : "repeat";
    return html(
        "<div class=\"transport\">{}{}{}{}{}</div>",
        button("Shuffle", "shuffle", action::ToggleShuffle{}, "minor", pressed(now.shuffle), !now.item),
        button("Previous", "previous", action::Previous{}, "", none(),
               !now.item || !allowed(state, "previous")),
        button(now.is_playing ? "Pause" : "Play", now.is_playing ? "pause" : "play", action::TogglePlay{},
               "play-button", none(), idle),
        button("Next", "next", action::Next{}, "", none(), !now.item || !allowed(state, "next")),
        button("Repeat", repeat, action::CycleRepeat{}, "minor", pressed(now.repeat != RepeatMode::off),
               !now.item));
}

Html progress(const State& state) {
    const auto& now = state.player.now;
    const auto duration = now.item ? now.item->duration_ms.get() : 0;
    const auto rate = now.is_playing ? 1 : 0;
    return html(
        "<div class=\"progress\"><time class=\"time\" data-follows=\"seek\" data-position=\"{}\" "
        "data-at=\"{}\" data-rate=\"{}\" "
        "data-duration=\"{}\">{}</time><input id=\"seek\" class=\"slider\" type=\"range\" min=\"0\" "
        "max=\"{}\" step=\"1000\" "
        "aria-label=\"Seek\" data-position=\"{}\" data-at=\"{}\" data-rate=\"{}\" data-duration=\"{}\" "
        "data-on-change=\"{}\"{}>"
        "<span class=\"time\">{}</span></div>",
        now.progress_ms.get(), now.timestamp.get(), rate, duration, format_duration(now.progress_ms),
        duration, now.progress_ms.get(), now.timestamp.get(), rate, duration, on(action::Seek{}),
        flag("disabled", !now.item || !allowed(state, "seek")), format_duration(duration));
}

Html tools(const State& state) {
    const auto volume = state.player.volume.get();
    const auto hundredths = std::to_string(100 + volume).substr(1);
    const auto share = volume == 100 ? std::string("1") : "0." + hundredths;
    const char* symbol = volume == 0 ? "mute" : volume < 50 ? "volume-low" : "volume";
    return html(
        "<div class=\"tools\">{}{}<div class=\"volume\">{}<input id=\"volume\" class=\"slider\" "
        "type=\"range\" min=\"0\" "
        "max=\"100\" value=\"{}\" aria-label=\"Volume\" aria-valuetext=\"{} percent\" "
        "data-geometry=\"--progress:{}\" data-on-input=\"{}\" "
        "data-on-change=\"{}\"></div></div>",
        button("Queue", "queue", action::ShowPanel{Panel::queue}, "", pressed(state.panel == Panel::queue)),
        button("Devices", "devices", action::ShowPanel{Panel::devices}, "",
               pressed(state.panel == Panel::devices)),
        button("Mute", symbol, action::ToggleMute{}, "", pressed(volume == 0)), volume, volume, share,
        on(action::VolumeMoving{}), on(action::VolumeSet{}));
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

}  // namespace

Html bar_view(const State& state) {
    return html(
        "<section id=\"bar\" class=\"bar\" aria-label=\"Player\" tabindex=\"-1\"{}>{}<div "
        "class=\"controls\">{}{}</div>{}{}</section>",
        flag("hidden", state.sign_in == SignIn::signed_out), now_playing(state), transport(state),
        progress(state), tools(state), elsewhere(state));
}

Html side_view(const State& state) {
    if (state.panel == Panel::none || !state.has_account())
        return html("<aside id=\"side\" class=\"side\" aria-label=\"Panel\" hidden></aside>");
    const bool queue = state.panel == Panel::queue;
    return html(
        "<aside id=\"side\" class=\"side\" aria-label=\"{}\"><div class=\"side-head\"><h2 id=\"side-title\" "
        "tabindex=\"-1\">{}</h2>{}"
        "</div>{}</aside>",
        queue ? "Queue" : "Devices", queue ? "Queue" : "Devices",
        button("Close", "close", action::ShowPanel{state.panel}, "", none()),
        queue ? queue_panel(state) : devices_panel(state));
}

}  // namespace cadenza::client
