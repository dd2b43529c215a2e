#include "server/emulator/player_commands.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t max_position_ms = 86'400'000;
constexpr std::int64_t max_index = 1'000'000;

http::Response done(const Call& call) { return http::Response::empty(call.world.options.harsh ? 202 : 204); }

void need_premium(const Call& call) {
    call.need({"user-modify-playback-state"});
    if (!call.user.premium)
        throw ApiError{403, "Player command failed: Premium required", "PREMIUM_REQUIRED"};
}

PlayerDevice& obedient(PlayerDevice* device) {
    if (!device) throw ApiError{404, "Device not found", {}};
    if (device->restricted)
        throw ApiError{403, "Player command failed: Restricted device", "DEVICE_NOT_CONTROLLABLE"};
    return *device;
}

// The device a command is for. Throws as the Web API refuses.
PlayerDevice& target(const Call& call) {
    auto& player = call.user.player;
    if (const auto asked = call.parameter("device_id")) return obedient(player.find(*asked));
    auto* device = player.find(player.active.value_or(""));
    if (!device) throw ApiError{404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"};
    return obedient(device);
}

Item track_item(const Catalogue& catalogue, Index index) {
    return {false, index, catalogue.tracks[index].duration_ms};
}

Item episode_item(const Catalogue& catalogue, Index index) {
    return {true, index, catalogue.episodes[index].duration_ms};
}

Item item_of_uri(const Call& call, const std::string& uri) {
    const auto& catalogue = call.world.catalogue;
    const auto [episode, index] = playable_of(catalogue, uri);
    return episode ? episode_item(catalogue, index) : track_item(catalogue, index);
}

// A context in full: nothing stands for what cannot be played, because positions count it too.
using Places = std::vector<std::optional<Item>>;

class Context {
public:
    explicit Context(const Call& call) : call_(call), catalogue_(call.world.catalogue) {}

    Places places(const std::string& uri) {
        const auto parts = split(uri, ':');
        if (parts.size() < 3 || parts[0] != "spotify") throw ApiError{400, "Invalid context uri", {}};
        const auto& kind = parts[1];
        if (kind == "album") add_album(found(catalogue_.album_by_id, parts[2]));
        if (kind == "artist")
            for (const auto album : catalogue_.artists[found(catalogue_.artist_by_id, parts[2])].albums)
                add_album(album);
        if (kind == "show")
            for (const auto episode : catalogue_.shows[found(catalogue_.show_by_id, parts[2])].episodes)
                out_.emplace_back(episode_item(catalogue_, episode));
        if (kind == "playlist") add_playlist(parts[2]);
        if (kind == "user" && parts.size() == 4 && parts[3] == "collection")
            for (const auto& saved : call_.user.tracks) add_track(saved.index);
        if (std::none_of(out_.begin(), out_.end(), [](const auto& item) { return item.has_value(); })) fail();
        return std::move(out_);
    }

private:
    [[noreturn]] static void fail() {
        throw ApiError{404, "Player command failed: Context not found", "UNKNOWN"};
    }
    static Index found(const ById& by_id, const std::string& id) {
        const auto entry = by_id.find(id);
        if (entry == by_id.end()) fail();
        return entry->second;
    }
    void add_track(Index track) {
        if (catalogue_.tracks[track].playable)
            out_.emplace_back(track_item(catalogue_, track));
        else
            out_.emplace_back();
    }
    void add_album(Index album) {
        for (const auto track : catalogue_.albums[album].tracks) add_track(track);
    }
    void add_playlist(const std::string& id) {
        const auto* playlist = call_.world.find_playlist(id);
        if (!playlist || (!playlist->is_public && !call_.owns(*playlist))) fail();
        for (const auto& entry : playlist->entries) {
            if (entry.kind == EntryKind::track)
                add_track(entry.index);
            else if (entry.kind == EntryKind::episode)
                out_.emplace_back(episode_item(catalogue_, entry.index));
            else
                out_.emplace_back();
        }
    }

    const Call& call_;
    const Catalogue& catalogue_;
    Places out_;
};

// What the body of "play" asks for; nothing to play: resume.
struct Start {
    std::string context;
    std::vector<Item> items;
    std::size_t first{};
    std::int64_t at{};
};

// The place `offset` names.
std::size_t place_of(const Call& call, const Json& body, const Places& places) {
    if (!body.contains("offset") || body["offset"].is_null()) return 0;
    const auto& offset = body["offset"];
    if (!offset.is_object()) throw ApiError{400, "Malformed json", {}};
    if (const auto uri = text(offset, "uri"); !uri.empty()) {
        const auto found = std::find(places.begin(), places.end(), item_of_uri(call, uri));
        if (found == places.end())
            throw ApiError{404, "Player command failed: Not found in context", "UNKNOWN"};
        return static_cast<std::size_t>(found - places.begin());
    }
    const auto at = static_cast<std::size_t>(integer(offset, "position", 0, 0, max_index));
    if (at >= places.size()) throw ApiError{400, "Invalid offset", {}};
    return at;
}

Start read_start(const Call& call) {
    const auto body = call.body();
    Start out{.context = text(body, "context_uri"),
              .at = integer(body, "position_ms", 0, 0, max_position_ms)};
    Places places;
    if (!out.context.empty()) {
        places = Context(call).places(out.context);
    } else if (body.contains("uris")) {
        for (const auto& uri : texts(body, "uris")) places.emplace_back(item_of_uri(call, uri));
        if (places.empty()) throw ApiError{400, "Invalid uris", {}};
    }
    const auto place = places.empty() ? 0 : place_of(call, body, places);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i]) continue;
        if (i < place) ++out.first;  // the first that can be played from there on
        out.items.push_back(*places[i]);
    }
    if (out.first >= out.items.size()) out.first = 0;
    return out;
}

using Action = std::function<std::optional<PlayerError>(Player&, std::int64_t now)>;

Action play(const Call& call, const std::string& device) {
    auto start = read_start(call);
    if (start.items.empty() && !call.user.player.current())
        throw ApiError{404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"};
    return
        [device, start = std::move(start)](Player& player, std::int64_t now) -> std::optional<PlayerError> {
            const bool moves = player.active != device;
            if (moves) player.transfer(device, false, now);
            if (!start.items.empty())
                player.play(start.context, start.items, start.first, start.at, now);
            else if (!moves || !player.playing)
                return player.resume(now);
            return std::nullopt;
        };
}

Action volume(const Call& call, const PlayerDevice& device) {
    if (!device.supports_volume)
        throw ApiError{403, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW"};
    const auto percent = static_cast<int>(call.number("volume_percent", 0, 100));
    return [id = device.id, percent](Player& player, std::int64_t) -> std::optional<PlayerError> {
        player.find(id)->volume = percent;
        ++player.version;
        return std::nullopt;
    };
}

Action shuffle(const Call& call) {
    const auto state = call.parameter("state");
    if (state != "true" && state != "false") throw ApiError{400, "Invalid state", {}};
    return [on = state == "true"](Player& player, std::int64_t now) -> std::optional<PlayerError> {
        player.set_shuffle(on, now);
        return std::nullopt;
    };
}

Action repeat(const Call& call) {
    const auto state = call.parameter("state");
    if (state != "off" && state != "context" && state != "track") throw ApiError{400, "Invalid state", {}};
    const auto mode = state == "off" ? Repeat::off : state == "context" ? Repeat::context : Repeat::track;
    return [mode](Player& player, std::int64_t) -> std::optional<PlayerError> {
        player.set_repeat(mode);
        return std::nullopt;
    };
}

Action queue(const Call& call) {
    const auto uri = call.parameter("uri");
    if (!uri) throw ApiError{400, "Missing required field: uri", {}};
    return [item = item_of_uri(call, *uri)](Player& player, std::int64_t) -> std::optional<PlayerError> {
        player.enqueue(item);
        return std::nullopt;
    };
}

Action simple(void (Player::*move)(std::int64_t)) {
    return [move](Player& player, std::int64_t now) -> std::optional<PlayerError> {
        (player.*move)(now);
        return std::nullopt;
    };
}

Action seek(const Call& call) {
    const auto to = call.number("position_ms", 0, max_position_ms);
    return [to](Player& player, std::int64_t now) -> std::optional<PlayerError> {
        player.seek(to, now);
        return std::nullopt;
    };
}

// Everything that can be refused about the request is refused here, before anything moves.
Action read_action(const Call& call, const PlayerDevice& device) {
    const auto& verb = call.path[2];
    if (call.request.method == Method::put) {
        if (verb == "play") return play(call, device.id);
        if (verb == "pause") return [](Player& player, std::int64_t now) { return player.pause(now); };
        if (verb == "seek") return seek(call);
        if (verb == "volume") return volume(call, device);
        if (verb == "shuffle") return shuffle(call);
        return repeat(call);
    }
    if (verb == "next") return simple(&Player::next);
    if (verb == "previous") return simple(&Player::previous);
    return queue(call);
}

http::Response command(Call& call) {
    need_premium(call);
    const auto action = read_action(call, target(call));
    call.world.touch(call.user);
    const auto error = action(call.user.player, call.world.now());
    call.world.wake();
    if (error) throw ApiError{error->status, error->message, error->reason};
    return done(call);
}

http::Response transfer(Call& call) {
    need_premium(call);
    const auto body = call.body();
    const auto ids = texts(body, "device_ids");
    if (ids.size() != 1) throw ApiError{400, "Exactly one device_id must be provided", {}};
    const bool starts = flag(body, "play", false);
    const auto id = obedient(call.user.player.find(ids.front())).id;
    call.world.touch(call.user);
    call.user.player.transfer(id, starts, call.world.now());
    call.world.wake();
    return done(call);
}

}  // namespace

std::optional<http::Response> player_command(Call& call) {
    const auto method = call.request.method;
    if (call.path.size() == 2) return method == Method::put ? std::optional(transfer(call)) : std::nullopt;
    const auto& verb = call.path[2];
    const auto is = [&](std::initializer_list<const char*> verbs) {
        return std::any_of(verbs.begin(), verbs.end(), [&](const char* one) { return verb == one; });
    };
    const bool known = method == Method::put ? is({"play", "pause", "seek", "repeat", "volume", "shuffle"})
                                             : method == Method::post && is({"next", "previous", "queue"});
    return known ? std::optional(command(call)) : std::nullopt;
}

}  // namespace cadenza::emulator
