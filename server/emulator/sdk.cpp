#include "server/emulator/sdk.hpp"

#include "server/emulator/call.hpp"
#include "server/emulator/faults.hpp"
#include "server/emulator/sdk_files.hpp"
#include "shared/base/query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cadenza::emulator {
namespace {

using namespace std::chrono_literals;
constexpr auto poll_time = 1s;

// The creators of a track, or the show an episode is of.
Json creators(const Json& item) {
    Json out = Json::array();
    if (item.contains("show"))
        out.push_back(
            {{"name", item["show"]["name"]}, {"uri", item["show"]["uri"]}, {"url", item["show"]["href"]}});
    else
        for (const auto& artist : item["artists"])
            out.push_back({{"name", artist["name"]}, {"uri", artist["uri"]}, {"url", artist["href"]}});
    return out;
}

Json sdk_track(const World& world, const Item& item) {
    const auto full = Shapes(world).item(item);
    const auto& group = item.episode ? full["show"] : full["album"];
    Json images = Json::array();
    for (const auto& image : group["images"]) {
        auto copy = image;
        copy["size"] = image["width"] == 640 ? "LARGE" : image["width"] == 300 ? "MEDIUM" : "SMALL";
        images.push_back(std::move(copy));
    }
    return {{"id", full["id"]},
            {"uri", full["uri"]},
            {"uid", "uid" + full["id"].get<std::string>()},
            {"type", full["type"]},
            {"media_type", "audio"},
            {"track_type", "audio"},
            {"content_type", item.episode ? "podcast" : "music"},
            {"name", full["name"]},
            {"duration_ms", full["duration_ms"]},
            {"is_playable", full["is_playable"]},
            {"linked_from", {{"uri", nullptr}, {"id", nullptr}}},
            {"artists", creators(full)},
            {"album", {{"name", group["name"]}, {"uri", group["uri"]}, {"images", std::move(images)}}}};
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

// Percent of full; a page may send anything.
int percent(const Json& body, const char* key, double fallback) {
    const auto found = body.find(key);
    const auto value = found != body.end() && found->is_number() ? found->get<double>() : fallback;
    return static_cast<int>(std::lround(std::clamp(value, 0.0, 100.0)));
}

http::Response add_device(World& world, const Json& body) {
    const auto secret = text(body, "token");
    const auto* token = world.valid_token(secret);
    if (!token || !token->grant.user) return refused(401, "authentication_error", "Authentication failed");
    for (const auto* scope : {"streaming", "user-read-email", "user-read-private"})
        if (token->grant.scopes.count(scope) == 0)
            return refused(403, "authentication_error", "Invalid token scopes.");
    auto& user = world.user_of(token->grant);
    if (!user.premium)
        return refused(403, "account_error", "This functionality is restricted to premium users only");
    PlayerDevice device{.id = world.make_id() + world.make_id().substr(0, 18),
                        .name = text(body, "name", "Web Playback"),
                        .type = "Computer",
                        .sdk = true,
                        .volume = percent(body, "volume", 100),
                        .seen_at = std::chrono::steady_clock::now(),
                        .token = secret};
    const auto id = device.id;
    user.player.devices.push_back(std::move(device));
    return api_json({{"device_id", id}, {"gated", take_fault(world, "autoplay")}});
}

// What the page did on its own: a command at the device itself, which obeys only while it is the active one.
void act(Player& player, const std::string& name, std::int64_t value, std::int64_t now) {
    if (name == "pause") (void)player.pause(now);
    if (name == "resume") (void)player.resume(now);
    if (name == "seek") player.seek(value, now);
    if (name == "next") player.next(now);
    if (name == "previous") player.previous(now);
    if (name == "ended") player.end_of_track(now);
}

void run(World& world, User& user, const std::string& id, const Json& body) {
    auto& player = user.player;
    const auto now = world.now();
    const auto name = text(body, "name");
    const bool here = player.active == id;
    const auto position = [&] { return integer(body, "value", 0, 0, 86'400'000); };
    if (name == "report") {
        if (here) player.report(position(), now);
        return;
    }
    world.touch(user);
    if (name == "volume") {
        player.find(id)->volume = percent(body, "value", 100);
        ++player.version;
    } else if (name == "name") {
        player.find(id)->name = text(body, "value");
    } else if (here) {
        act(player, name, name == "seek" ? position() : 0, now);
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
        auto secret = text(body, "token");
        if (!world.valid_token(secret)) return api_error(401, "The access token expired");
        user->player.find(id)->token = std::move(secret);
    } else if (verb == "command") {
        run(world, *user, id, body);
    } else {
        return api_error(404, "Not found");
    }
    return http::Response::empty(204);
}

// What a page asks for: news of a device after a version of its player.
struct Question {
    std::string device;
    std::uint64_t after{};
};

Question question_of(const http::Request& request) {
    Question out;
    if (const auto parameters = parse_query(request.query)) {
        for (const auto& [name, value] : *parameters) {
            if (name == "device") out.device = value;
            if (name == "after") std::from_chars(value.data(), value.data() + value.size(), out.after);
        }
    }
    return out;
}

// The answer, when there is one by now.
std::optional<http::Response> news(World& world, const Question& question, bool late) {
    auto* user = owner_of(world, question.device);
    if (!user) return api_error(404, "Device not found");
    auto& player = user->player;
    const auto& device = *player.find(question.device);
    if (!world.valid_token(device.token)) return api_error(401, "The access token expired");
    // Versions begin at 1, so that a new page, which has seen 0, is told at once.
    const auto version = player.version + 1;
    if (version == question.after && !late) return std::nullopt;
    const bool here = player.active == question.device;
    return api_json({{"version", version},
                     {"volume", device.volume},
                     {"harsh", world.options.harsh},
                     {"state", here ? playback_state(world, player) : Json(nullptr)}});
}

// Answers when the player changed, when the device's token ended, or when the time is over.
asio::awaitable<http::Response> events(World& world, http::Request request) {
    const auto question = question_of(request);
    const auto deadline = std::chrono::steady_clock::now() + poll_time;
    if (auto* user = owner_of(world, question.device))
        user->player.find(question.device)->seen_at = std::chrono::steady_clock::now();
    world.forget_silent_devices();
    for (;;) {
        const bool late = std::chrono::steady_clock::now() >= deadline;
        if (auto response = news(world, question, late)) co_return std::move(*response);
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

http::Response write(World& world, const http::Request& request, const std::string& path) {
    const auto body = json_body(request);
    const auto parts = split(path, '/');
    if (parts.size() == 1 && parts[0] == "devices") return add_device(world, body);
    if (parts.size() == 3 && parts[0] == "devices") return device_call(world, parts[1], parts[2], body);
    return http::Response::text(404, "Not found\n");
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
    if (request.method == Method::post) co_return guarded([&] { return write(world, request, path); });
    co_return http::Response::text(404, "Not found\n");
}

}  // namespace cadenza::emulator
