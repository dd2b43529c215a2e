// Reading /me/player and what is below it. Commands: player_commands.cpp.
#include "server/emulator/player_commands.hpp"

#include <algorithm>
#include <limits>

namespace cadenza::emulator {
namespace {

constexpr std::size_t padding = 20;  // Spotify fills a short queue with repeats

Json device_json(const PlayerDevice& device, const Player& player) {
    return {{"id", device.id},
            {"is_active", player.active == device.id},
            {"is_private_session", false},
            {"is_restricted", device.restricted},
            {"name", device.name},
            {"type", device.type},
            {"volume_percent", device.supports_volume ? Json(device.volume) : Json(nullptr)},
            {"supports_volume", device.supports_volume}};
}

Json context_json(const Call& call, const std::string& uri) {
    if (uri.empty()) return nullptr;
    const auto parts = split(uri, ':');
    if (parts.size() != 3)
        return {{"type", "collection"}, {"href", nullptr}, {"external_urls", Json::object()}, {"uri", uri}};
    return {{"external_urls", {{"spotify", "https://open.spotify.com/" + parts[1] + "/" + parts[2]}}},
            {"href", call.world.options.base + "/v1/" + parts[1] + "s/" + parts[2]},
            {"type", parts[1]},
            {"uri", uri}};
}

const char* repeat_name(Repeat mode) {
    return mode == Repeat::off ? "off" : mode == Repeat::context ? "context" : "track";
}

Json disallows(const Player& player) {
    Json out = Json::object();
    out[player.playing ? "resuming" : "pausing"] = true;
    if (!player.previous_item()) out["skipping_prev"] = true;
    return out;
}

// Who does not say that it knows episodes is told that there is one, but not which.
Json item_json(const Call& call, const Item& item) {
    const auto types = split(call.parameter("additional_types").value_or(""), ',');
    const bool known = !item.episode || std::find(types.begin(), types.end(), "episode") != types.end();
    return known ? call.shapes().item(item) : Json(nullptr);
}

http::Response state(Call& call, bool short_form) {
    call.need({short_form ? "user-read-currently-playing" : "user-read-playback-state"});
    const auto& player = call.world.visible(call.user);
    const auto* device = player.current_device();
    const auto item = player.current();
    if (!device || (short_form && !item)) return http::Response::empty(204);
    const auto now = call.world.now();
    Json out = Json::object();
    if (!short_form) {
        out["device"] = device_json(*device, player);
        out["repeat_state"] = repeat_name(player.repeat);
        out["shuffle_state"] = player.shuffle;
        out["smart_shuffle"] = false;
    }
    out["context"] = context_json(call, player.context_uri);
    out["timestamp"] = now;
    out["progress_ms"] = item ? Json(player.progress(now)) : Json(nullptr);
    out["is_playing"] = player.playing;
    out["item"] = item ? item_json(call, *item) : Json(nullptr);
    out["currently_playing_type"] = !item ? "unknown" : item->episode ? "episode" : "track";
    out["actions"] = {{"disallows", disallows(player)}};
    return api_json(out);
}

http::Response devices(Call& call) {
    call.need({"user-read-playback-state"});
    const auto& player = call.world.visible(call.user);
    Json list = Json::array();
    for (const auto& device : call.user.player.devices) list.push_back(device_json(device, player));
    return api_json({{"devices", std::move(list)}});
}

http::Response queue(Call& call) {
    call.need({"user-read-currently-playing"});
    call.need({"user-read-playback-state"});
    const auto& player = call.world.visible(call.user);
    const auto item = player.current();
    const auto shapes = call.shapes();
    Json out{{"currently_playing", item ? shapes.item(*item) : Json(nullptr)}, {"queue", Json::array()}};
    auto next = player.upcoming(padding);
    const bool repeats = !next.empty() && next.size() < padding && player.repeat != Repeat::off;
    for (std::size_t i = 0; repeats && next.size() < padding; ++i) next.push_back(next[i]);
    for (const auto& one : next) out["queue"].push_back(shapes.item(one));
    return api_json(out);
}

using History = std::vector<Player::Played>;

// What one request shows of it, as positions: `limit` next to the cursor, the newest when there is none.
std::pair<std::size_t, std::size_t> window(const Call& call, const History& history, std::size_t limit) {
    constexpr auto forever = std::numeric_limits<std::int64_t>::max();
    const auto after = call.parameter("after");
    const auto before = call.parameter("before");
    if (after && before) throw ApiError{400, "Only one of after and before", {}};
    const auto edge = [&](const std::string& text, const char* name) {
        const auto at = number_in(text, name, 0, forever);
        return std::lower_bound(history.begin(), history.end(), at,
                                [](const auto& played, std::int64_t moment) { return played.at < moment; });
    };
    if (after) {
        auto first = static_cast<std::size_t>(edge(*after, "after") - history.begin());
        while (first < history.size() && std::to_string(history[first].at) == *after) ++first;
        return {first, std::min(first + limit, history.size())};
    }
    const auto last =
        before ? static_cast<std::size_t>(edge(*before, "before") - history.begin()) : history.size();
    return {last - std::min(limit, last), last};
}

http::Response recent(Call& call) {
    call.need({"user-read-recently-played"});
    const auto limit = call.limit(20, 50);
    const auto& history = call.user.player.history;
    const auto [first, last] = window(call, history, limit);
    Json items = Json::array();
    for (auto i = last; i > first; --i)
        items.push_back({{"track", call.shapes().track(history[i - 1].track)},
                         {"played_at", timestamp(history[i - 1].at)},
                         {"context", context_json(call, history[i - 1].context)}});
    const auto link = [&](const char* name, std::size_t i) -> Json {
        return call.address({{"limit", std::to_string(limit)}, {name, std::to_string(history[i].at)}});
    };
    const bool forward = call.parameter("after").has_value();
    const bool more = first < last && (forward ? last < history.size() : first > 0);
    Json cursors = nullptr;
    if (first < last)
        cursors = {{"after", std::to_string(history[last - 1].at)},
                   {"before", std::to_string(history[first].at)}};
    return api_json({{"items", std::move(items)},
                     {"next", !more     ? Json(nullptr)
                              : forward ? link("after", last - 1)
                                        : link("before", first)},
                     {"cursors", std::move(cursors)},
                     {"limit", limit},
                     {"href", call.address()}});
}

std::optional<http::Response> read(Call& call) {
    if (call.path.size() == 2) return state(call, false);
    const auto& what = call.path[2];
    if (what == "devices") return devices(call);
    if (what == "currently-playing") return state(call, true);
    if (what == "queue") return queue(call);
    if (what == "recently-played") return recent(call);
    return std::nullopt;
}

}  // namespace

std::optional<http::Response> player_api(Call& call) {
    const auto& path = call.path;
    if (path.size() < 2 || path.size() > 3 || path[0] != "me" || path[1] != "player") return std::nullopt;
    return call.request.method == Method::get ? read(call) : player_command(call);
}

}  // namespace cadenza::emulator
