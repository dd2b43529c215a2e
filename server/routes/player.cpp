#include "server/routes/routes.hpp"
#include "server/spotify/wire.hpp"
#include "shared/base/text.hpp"

namespace cadenza::server {
namespace {

// A command as Spotify's player takes it.
struct PlayerRequest {
    Method method{Method::put};
    std::string target;
    std::string json;
};

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string with_device(std::string target, const command::DeviceId& device) {
    if (!device) return target;
    return target + (target.find('?') == target.npos ? "?" : "&") + "device_id=" + percent_encode(*device);
}

std::string play_json(const command::Play& play) {
    std::string out = "{";
    const auto add = [&](std::string_view name, const std::string& value) {
        out += (out.size() > 1 ? "," : "") + quoted(name) + ":" + value;
    };
    if (play.context_uri) add("context_uri", quoted(play.context_uri->str()));
    if (!play.uris.empty()) {
        std::string uris;
        for (const auto& uri : play.uris) uris += (uris.empty() ? "" : ",") + quoted(uri.str());
        add("uris", "[" + uris + "]");
    }
    if (play.offset && play.offset->position)
        add("offset", "{\"position\":" + std::to_string(*play.offset->position) + "}");
    if (play.offset && play.offset->uri) add("offset", "{\"uri\":" + quoted(play.offset->uri->str()) + "}");
    if (play.position_ms) add("position_ms", std::to_string(*play.position_ms));
    return out + "}";
}

struct ToSpotify {
    PlayerRequest operator()(const command::Play& c) const {
        return {Method::put, with_device("/me/player/play", c.device_id), play_json(c)};
    }
    PlayerRequest operator()(const command::Pause& c) const {
        return {Method::put, with_device("/me/player/pause", c.device_id), {}};
    }
    PlayerRequest operator()(const command::Resume& c) const {
        return {Method::put, with_device("/me/player/play", c.device_id), {}};
    }
    PlayerRequest operator()(const command::Next& c) const {
        return {Method::post, with_device("/me/player/next", c.device_id), {}};
    }
    PlayerRequest operator()(const command::Previous& c) const {
        return {Method::post, with_device("/me/player/previous", c.device_id), {}};
    }
    PlayerRequest operator()(const command::Seek& c) const {
        return {Method::put,
                with_device("/me/player/seek?position_ms=" + std::to_string(c.position_ms), c.device_id),
                {}};
    }
    PlayerRequest operator()(const command::Volume& c) const {
        return {Method::put,
                with_device("/me/player/volume?volume_percent=" + std::to_string(c.percent), c.device_id),
                {}};
    }
    PlayerRequest operator()(const command::Shuffle& c) const {
        return {
            Method::put,
            with_device(std::string("/me/player/shuffle?state=") + (c.on ? "true" : "false"), c.device_id),
            {}};
    }
    PlayerRequest operator()(const command::Repeat& c) const {
        const auto mode = json::type_of<RepeatMode>.get_text(&c.mode);
        return {Method::put, with_device("/me/player/repeat?state=" + std::string(mode), c.device_id), {}};
    }
    PlayerRequest operator()(const command::Queue& c) const {
        return {Method::post,
                with_device("/me/player/queue?uri=" + percent_encode(c.uri.str()), c.device_id),
                {}};
    }
    PlayerRequest operator()(const command::Transfer& c) const {
        return {
            Method::put, "/me/player",
            "{\"device_ids\":[" + quoted(c.device_id) + "],\"play\":" + (c.play ? "true" : "false") + "}"};
    }
};

}  // namespace

void add_player_routes(Routes& routes) {
    routes.on(endpoint::player_token, [](auto& call) -> asio::awaitable<http::Outcome<PlayerToken>> {
        auto grant =
            co_await call.backend.sessions.fresh_grant(*call.session, std::nullopt, call.request.deadline);
        if (!grant) co_return grant.error();
        co_return PlayerToken{grant->access_token.reveal(), Millis(grant->access_expires_at)};
    });
    routes.on(endpoint::player, [](auto& call) -> asio::awaitable<http::Outcome<Playback>> {
        const auto body =
            co_await call.backend.gateway.get(call.caller(), "/me/player?additional_types=track,episode");
        if (!body) co_return body.error();
        const auto& text = **body;
        const auto now = call.backend.services.clock();
        Playback idle;
        idle.timestamp = now;
        if (text.empty()) co_return idle;
        auto state = call.template read<wire::PlayerState>(text);
        if (!state) co_return state.error();
        auto playback = to_contract(std::move(*state), now);
        // Read by itself: an item of an unknown kind must not take the controls away.
        auto playing = decode<wire::NowPlaying>(text);
        if (playing && playing->item) playback.item = to_contract(std::move(*playing->item));
        co_return playback;
    });
    routes.on(endpoint::devices, [](auto& call) -> asio::awaitable<http::Outcome<Devices>> {
        auto list = co_await call.template get<wire::DeviceList>("/me/player/devices");
        if (!list) co_return list.error();
        Devices out;
        for (auto& device : list->devices.items) out.devices.push_back(to_contract(std::move(device)));
        co_return out;
    });
    routes.on(endpoint::queue, [](auto& call) -> asio::awaitable<http::Outcome<Queue>> {
        auto queue = co_await call.template get<wire::QueueAnswer>("/me/player/queue");
        if (!queue) co_return queue.error();
        co_return to_contract(std::move(*queue));
    });
    routes.on(endpoint::player_command, [](auto& call) -> asio::awaitable<http::Outcome<None>> {
        auto request = std::visit(ToSpotify{}, call.body);
        auto sent = co_await call.send(request.method, std::move(request.target), std::move(request.json));
        if (!sent) co_return sent.error();
        co_return None{};
    });
}

}  // namespace cadenza::server
