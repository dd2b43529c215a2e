#include "server/emulator/sdk.hpp"

#include "server/emulator/call.hpp"
#include "server/emulator/sdk_files.hpp"
#include "shared/base/query.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::emulator {
namespace {

using namespace std::chrono_literals;
constexpr auto poll_time = 20s;
constexpr std::int64_t forgotten_after = 45'000;  // ms without a poll

Json sdk_track(const World& world, const Item& item) {
    const auto shapes = Shapes(world);
    const auto track = shapes.track(item.track);
    Json artists = Json::array();
    for (const auto& artist : track["artists"])
        artists.push_back({{"name", artist["name"]}, {"uri", artist["uri"]}, {"url", artist["href"]}});
    Json images = Json::array();
    for (const auto& image : track["album"]["images"]) {
        auto copy = image;
        copy["size"] = image["width"] == 640 ? "LARGE" : image["width"] == 300 ? "MEDIUM" : "SMALL";
        images.push_back(std::move(copy));
    }
    const auto& album = track["album"];
    return {{"id", track["id"]},
            {"uri", track["uri"]},
            {"uid", "uid" + track["id"].get<std::string>()},
            {"type", "track"},
            {"media_type", "audio"},
            {"track_type", "audio"},
            {"content_type", "music"},
            {"name", track["name"]},
            {"duration_ms", track["duration_ms"]},
            {"is_playable", track["is_playable"]},
            {"linked_from", {{"uri", nullptr}, {"id", nullptr}}},
            {"artists", std::move(artists)},
            {"album", {{"name", album["name"]}, {"uri", album["uri"]}, {"images", std::move(images)}}}};
}

Json playback_state(const World& world, const Player& player) {
    const auto item = player.current();
    if (!item) return nullptr;
    Json next = Json::array();
    for (const auto& one : player.upcoming(2)) next.push_back(sdk_track(world, one));
    Json previous = Json::array();
    if (const auto one = player.previous_item()) previous.push_back(sdk_track(world, *one));
    Json disallows = Json::object();
    disallows[player.playing ? "resuming" : "pausing"] = true;
    if (previous.empty()) disallows["skipping_prev"] = true;
    const auto now = world.now();
    const Json context = player.context_uri.empty() ? Json("-") : Json(player.context_uri);
    return {{"context", {{"uri", context}, {"metadata", Json::object()}}},
            {"disallows", std::move(disallows)},
            {"restrictions", Json::object()},
            {"duration", item->duration_ms},
            {"position", player.progress(now)},
            {"paused", !player.playing},
            {"loading", false},
            {"timestamp", now},
            {"repeat_mode", static_cast<int>(player.repeat)},
            {"shuffle", player.shuffle},
            {"playback_id", "playback"},
            {"playback_quality", "VERY_HIGH"},
            {"playback_features", {{"hifi_status", "NONE"}}},
            {"track_window",
             {{"current_track", sdk_track(world, *item)},
              {"previous_tracks", std::move(previous)},
              {"next_tracks", std::move(next)}}}};
}

http::Response refused(int status, const char* event, const char* message) {
    return api_json({{"event", event}, {"message", message}}, status);
}

User* owner_of(World& world, const std::string& device) {
    for (auto& user : world.users)
        if (user.player.find(device)) return &user;
    return nullptr;
}

http::Response add_device(World& world, const Json& body) {
    const auto* token = world.find_token(body.value("token", ""));
    if (!token || token->expires_at <= world.now())
        return refused(401, "authentication_error", "Authentication failed");
    for (const auto* scope : {"streaming", "user-read-email", "user-read-private"})
        if (token->grant.scopes.count(scope) == 0)
            return refused(403, "authentication_error", "Invalid token scopes.");
    auto& user = world.users[token->grant.user];
    if (!user.premium)
        return refused(403, "account_error", "This functionality is restricted to premium users only");
    PlayerDevice device{.id = world.make_id() + world.make_id().substr(0, 18),
                        .name = body.value("name", "Web Playback"),
                        .type = "Computer",
                        .sdk = true,
                        .volume = std::clamp(static_cast<int>(body.value("volume", 100.0)), 0, 100),
                        .seen_at = world.now(),
                        .token_until = token->expires_at};
    const auto id = device.id;
    user.player.devices.push_back(std::move(device));
    return api_json({{"device_id", id}});
}

// What the page did on its own: a command at the device itself.
void run(World& world, User& user, const std::string& id, const Json& body) {
    auto& player = user.player;
    const auto now = world.now();
    const auto name = body.value("name", "");
    const bool here = player.active == id;
    const auto number =
        body.contains("value") && body["value"].is_number() ? body["value"].get<std::int64_t>() : 0;
    if (name == "report") {
        if (here) player.report(number, now);
        return;
    }
    world.touch(user);
    if (name == "volume") {
        player.find(id)->volume = static_cast<int>(std::clamp<std::int64_t>(number, 0, 100));
        ++player.version;
    } else if (name == "name") {
        player.find(id)->name = body.value("value", "");
    } else if (here) {
        if (name == "pause") (void)player.pause(now);
        if (name == "resume") (void)player.resume(now);
        if (name == "seek") player.seek(number, now);
        if (name == "next") player.next(now);
        if (name == "previous") player.previous(now);
        if (name == "ended") player.end_of_track(now);
    }
    world.wake();
}

http::Response device_call(World& world, const std::string& id, const std::string& verb, const Json& body) {
    auto* user = owner_of(world, id);
    if (!user) return api_error(404, "Device not found");
    if (verb == "gone") {
        world.touch(*user);
        user->player.remove_device(id, world.now());
        world.wake();
    } else if (verb == "token") {
        const auto* token = world.find_token(body.value("token", ""));
        if (!token || token->expires_at <= world.now()) return api_error(401, "The access token expired");
        user->player.find(id)->token_until = token->expires_at;
    } else if (verb == "command") {
        run(world, *user, id, body);
    } else {
        return api_error(404, "Not found");
    }
    return http::Response::empty(204);
}

void forget_silent_devices(World& world) {
    for (auto& user : world.users) {
        const auto devices = user.player.devices;
        for (const auto& device : devices)
            if (device.sdk && world.now() - device.seen_at > forgotten_after)
                user.player.remove_device(device.id, world.now());
    }
}

// Answers when the player changed after version `after`, when the device's token ended, or when the time is
// over.
asio::awaitable<http::Response> events(World& world, http::Request request) {
    std::string id;
    std::uint64_t after = 0;
    if (const auto parameters = parse_query(request.query)) {
        for (const auto& [name, value] : *parameters) {
            if (name == "device") id = value;
            if (name == "after") std::from_chars(value.data(), value.data() + value.size(), after);
        }
    }
    const auto deadline = std::chrono::steady_clock::now() + poll_time;
    auto* polling = owner_of(world, id);
    if (polling) polling->player.find(id)->seen_at = world.now();
    for (;;) {
        forget_silent_devices(world);
        auto* user = owner_of(world, id);
        if (!user) co_return api_error(404, "Device not found");
        auto& player = user->player;
        const auto& device = *player.find(id);
        if (device.token_until <= world.now()) co_return api_error(401, "The access token expired");
        // Versions begin at 1, so that a new page, which has seen 0, is told at once.
        const auto version = player.version + 1;
        if (version != after || std::chrono::steady_clock::now() >= deadline) {
            const bool here = player.active == id;
            co_return api_json({{"version", version},
                                {"volume", device.volume},
                                {"state", here ? playback_state(world, player) : Json(nullptr)}});
        }
        co_await world.changed(deadline);
    }
}

http::Response file(const std::string& name, const char* type) {
    const auto text = sdk_file(name);
    if (text.empty()) return http::Response::text(404, "Not found\n");
    http::Response response{.body = std::string(text)};
    response.headers.add("Content-Type", type);
    response.headers.add("Cache-Control", "no-cache");
    response.headers.add("Cross-Origin-Resource-Policy", "cross-origin");
    response.headers.add(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; media-src 'self'; base-uri 'none'");
    return response;
}

}  // namespace

asio::awaitable<http::Response> sdk(World& world, http::Request request, std::string path) {
    constexpr const char* script = "text/javascript; charset=utf-8";
    if (request.method == Method::get) {
        if (path == "/spotify-player.js")
            co_return file(world.options.harsh ? "loader.js" : "spotify-player.js", script);
        if (path == "/spotify-player-main.js") co_return file("spotify-player.js", script);
        if (path == "/embedded.js") co_return file("embedded.js", script);
        if (path == "/embedded.html") co_return file("embedded.html", "text/html; charset=utf-8");
        if (path == "/events") co_return co_await events(world, std::move(request));
    }
    if (request.method == Method::post) {
        const auto body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
        if (!body.is_object()) co_return api_error(400, "Error parsing JSON.");
        const auto parts = split(path, '/');
        if (parts.size() == 1 && parts[0] == "devices") co_return add_device(world, body);
        if (parts.size() == 3 && parts[0] == "devices")
            co_return device_call(world, parts[1], parts[2], body);
    }
    co_return http::Response::text(404, "Not found\n");
}

}  // namespace cadenza::emulator
