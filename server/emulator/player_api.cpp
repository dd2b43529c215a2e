// /me/player and below.
#include "server/emulator/call.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::size_t padding = 20;  // Spotify fills a short queue with repeats

http::Response done(const Call& call) { return http::Response::empty(call.world.options.harsh ? 202 : 204); }

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
    if (player.playing)
        out["resuming"] = true;
    else
        out["pausing"] = true;
    if (!player.previous_item()) out["skipping_prev"] = true;
    return out;
}

http::Response state(Call& call, bool short_form) {
    call.need({"user-read-playback-state", "user-read-currently-playing"});
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
    out["item"] = item ? call.shapes().track(item->track) : Json(nullptr);
    out["currently_playing_type"] = item ? "track" : "unknown";
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
    Json out{{"currently_playing", item ? call.shapes().track(item->track) : Json(nullptr)},
             {"queue", Json::array()}};
    auto next = player.upcoming(padding);
    const bool repeats = !next.empty() && next.size() < padding && player.repeat != Repeat::off;
    for (std::size_t i = 0; repeats && next.size() < padding; ++i) next.push_back(next[i]);
    for (const auto& one : next) out["queue"].push_back(call.shapes().track(one.track));
    return api_json(out);
}

http::Response recent(Call& call) {
    call.need({"user-read-recently-played"});
    const auto limit = call.limit(20, 50);
    const auto after = call.parameter("after");
    const auto before = call.parameter("before");
    if (after && before) throw ApiError{400, "Only one of after and before", {}};
    Json items = Json::array();
    const auto& history = call.user.player.history;
    for (auto entry = history.rbegin(); entry != history.rend() && items.size() < limit; ++entry) {
        const auto at = std::to_string(entry->at);
        if ((after && at <= *after) || (before && at >= *before)) continue;
        items.push_back({{"track", call.shapes().track(entry->track)},
                         {"played_at", timestamp(entry->at)},
                         {"context", nullptr}});
    }
    Json cursors = nullptr;
    if (!items.empty())
        cursors = {{"after", std::to_string(history.back().at)},
                   {"before", std::to_string(history.front().at)}};
    return api_json({{"items", std::move(items)},
                     {"next", nullptr},
                     {"cursors", std::move(cursors)},
                     {"limit", limit},
                     {"href", call.address()}});
}

// The device a command is for. Throws as the Web API refuses.
PlayerDevice& target(Call& call) {
    auto& player = call.user.player;
    const auto asked = call.parameter("device_id");
    auto* device = player.find(asked ? *asked : player.active.value_or(""));
    if (!device && asked) throw ApiError{404, "Device not found", {}};
    if (!device) throw ApiError{404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"};
    if (device->restricted)
        throw ApiError{403, "Player command failed: Restricted device", "DEVICE_NOT_CONTROLLABLE"};
    return *device;
}

Item item_of(const Call& call, Index track) {
    return {track, call.world.catalogue.tracks[track].duration_ms};
}

Item item_of_uri(const Call& call, const std::string& uri) {
    const auto parts = split(uri, ':');
    const auto& by_id = call.world.catalogue.track_by_id;
    const auto found = parts.size() == 3 && parts[1] == "track" ? by_id.find(parts[2]) : by_id.end();
    if (found == by_id.end()) throw ApiError{400, "Invalid track uri: " + uri, {}};
    return item_of(call, found->second);
}

std::vector<Item> context_items(Call& call, const std::string& uri) {
    const auto& catalogue = call.world.catalogue;
    std::vector<Item> out;
    const auto add = [&](Index track) {
        if (catalogue.tracks[track].playable) out.push_back(item_of(call, track));
    };
    const auto parts = split(uri, ':');
    if (parts.size() < 3 || parts[0] != "spotify") throw ApiError{400, "Invalid context uri", {}};
    if (parts[1] == "album") {
        const auto found = catalogue.album_by_id.find(parts[2]);
        if (found != catalogue.album_by_id.end())
            for (const auto track : catalogue.albums[found->second].tracks) add(track);
    } else if (parts[1] == "artist") {
        const auto found = catalogue.artist_by_id.find(parts[2]);
        if (found != catalogue.artist_by_id.end())
            for (const auto album : catalogue.artists[found->second].albums)
                for (const auto track : catalogue.albums[album].tracks) add(track);
    } else if (parts[1] == "playlist") {
        if (const auto* playlist = call.world.find_playlist(parts[2]))
            for (const auto& entry : playlist->entries)
                if (entry.kind == EntryKind::track) add(entry.track);
    } else if (parts[1] == "user" && parts.size() == 4 && parts[3] == "collection") {
        for (const auto& saved : call.user.tracks) add(saved.index);
    }
    if (out.empty()) throw ApiError{404, "Player command failed: Context not found", "UNKNOWN"};
    return out;
}

std::size_t first_of(Call& call, const Json& body, const std::vector<Item>& items) {
    if (!body.contains("offset") || !body["offset"].is_object()) return 0;
    const auto& offset = body["offset"];
    if (offset.contains("position") && offset["position"].is_number_unsigned()) {
        const auto position = offset["position"].get<std::size_t>();
        if (position >= items.size()) throw ApiError{400, "Invalid offset", {}};
        return position;
    }
    if (offset.contains("uri") && offset["uri"].is_string()) {
        const auto wanted = item_of_uri(call, offset["uri"].get<std::string>());
        const auto found = std::find(items.begin(), items.end(), wanted);
        if (found == items.end())
            throw ApiError{404, "Player command failed: Not found in context", "UNKNOWN"};
        return static_cast<std::size_t>(found - items.begin());
    }
    throw ApiError{400, "Malformed json", {}};
}

std::optional<PlayerError> play(Call& call, Player& player) {
    const auto body = call.body();
    const auto now = call.world.now();
    const auto at = body.value("position_ms", std::int64_t{0});
    if (body.contains("context_uri")) {
        const auto uri = body["context_uri"].get<std::string>();
        auto items = context_items(call, uri);
        const auto first = first_of(call, body, items);
        player.play(uri, std::move(items), first, at, now);
    } else if (body.contains("uris")) {
        std::vector<Item> items;
        for (const auto& uri : body["uris"]) items.push_back(item_of_uri(call, uri.get<std::string>()));
        const auto first = first_of(call, body, items);
        player.play("", std::move(items), first, at, now);
    } else {
        return player.resume(now);
    }
    return std::nullopt;
}

std::int64_t number(Call& call, const char* name, std::int64_t least, std::int64_t most) {
    const auto text = call.parameter(name);
    if (!text) throw ApiError{400, std::string("Missing required field: ") + name, {}};
    if (text->empty() || text->size() > 12 || text->find_first_not_of("0123456789") != text->npos)
        throw ApiError{400, std::string("Invalid ") + name, {}};
    const auto value = std::stoll(*text);
    if (value < least || value > most) throw ApiError{400, std::string("Invalid ") + name, {}};
    return value;
}

std::optional<PlayerError> put(Call& call, Player& player, const std::string& verb) {
    const auto now = call.world.now();
    if (verb == "play") return play(call, player);
    if (verb == "pause") return player.pause(now);
    if (verb == "seek") {
        player.seek(number(call, "position_ms", 0, 86'400'000), now);
    } else if (verb == "volume") {
        auto& device = target(call);
        if (!device.supports_volume)
            return PlayerError{403, "Player command failed: Cannot control device volume",
                               "VOLUME_CONTROL_DISALLOW"};
        device.volume = static_cast<int>(number(call, "volume_percent", 0, 100));
        ++player.version;
    } else if (verb == "shuffle") {
        const auto on = call.parameter("state");
        if (on != "true" && on != "false") throw ApiError{400, "Invalid state", {}};
        player.set_shuffle(on == "true", now);
    } else {
        const auto mode = call.parameter("state");
        if (mode != "off" && mode != "context" && mode != "track") throw ApiError{400, "Invalid state", {}};
        player.set_repeat(mode == "off" ? Repeat::off : mode == "context" ? Repeat::context : Repeat::track);
    }
    return std::nullopt;
}

std::optional<PlayerError> post(Call& call, Player& player, const std::string& verb) {
    const auto now = call.world.now();
    if (verb == "next") {
        player.next(now);
    } else if (verb == "previous") {
        player.previous(now);
    } else {
        const auto uri = call.parameter("uri");
        if (!uri) throw ApiError{400, "Missing required field: uri", {}};
        player.enqueue(item_of_uri(call, *uri));
    }
    return std::nullopt;
}

http::Response command(Call& call, const std::string& verb) {
    call.need({"user-modify-playback-state"});
    if (!call.user.premium)
        throw ApiError{403, "Player command failed: Premium required", "PREMIUM_REQUIRED"};
    auto& player = call.user.player;
    const auto device = target(call).id;
    call.world.touch(call.user);
    const bool elsewhere = player.active != device;
    if (elsewhere && verb == "play") player.transfer(device, false, call.world.now());
    const auto error =
        call.request.method == Method::put ? put(call, player, verb) : post(call, player, verb);
    if (error) throw ApiError{error->status, error->message, error->reason};
    call.world.wake();
    return done(call);
}

http::Response transfer(Call& call) {
    call.need({"user-modify-playback-state"});
    const auto body = call.body();
    if (!body.contains("device_ids") || !body["device_ids"].is_array() || body["device_ids"].size() != 1 ||
        !body["device_ids"][0].is_string())
        throw ApiError{400, "Exactly one device_id must be provided", {}};
    const auto id = body["device_ids"][0].get<std::string>();
    if (!call.user.player.find(id)) throw ApiError{404, "Device not found", {}};
    call.world.touch(call.user);
    call.user.player.transfer(id, body.value("play", false), call.world.now());
    call.world.wake();
    return done(call);
}

}  // namespace

std::optional<http::Response> player_api(Call& call) {
    const auto& path = call.path;
    if (path.size() < 2 || path[0] != "me" || path[1] != "player") return std::nullopt;
    const auto method = call.request.method;
    if (path.size() == 2) {
        if (method == Method::get) return state(call, false);
        if (method == Method::put) return transfer(call);
        return std::nullopt;
    }
    if (path.size() != 3) return std::nullopt;
    const auto& verb = path[2];
    if (method == Method::get) {
        if (verb == "devices") return devices(call);
        if (verb == "currently-playing") return state(call, true);
        if (verb == "queue") return queue(call);
        if (verb == "recently-played") return recent(call);
        return std::nullopt;
    }
    const auto is = [&](std::initializer_list<const char*> verbs) {
        return std::any_of(verbs.begin(), verbs.end(), [&](const char* one) { return verb == one; });
    };
    if (method == Method::put && is({"play", "pause", "seek", "repeat", "volume", "shuffle"}))
        return command(call, verb);
    if (method == Method::post && is({"next", "previous", "queue"})) return command(call, verb);
    return std::nullopt;
}

}  // namespace cadenza::emulator
