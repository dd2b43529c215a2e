#include "server/emulator/world.hpp"
#include "tests/emulator/app.hpp"

namespace cadenza::emulator {

TEST_CASE("a moved clock drops no page, it only ends its token") {
    App app;
    app.sign_in();
    const auto device = app.sdk_device();
    CHECK(app.events(device).status == 200);

    app.control("/clock", {{"advance_s", 7'200}});

    CHECK(app.events(device).status == 401);
    app.sign_in();
    const auto renewed =
        app.ask(Method::post, "/sdk/devices/" + device + "/token", {}, Json{{"token", app.token}}.dump());
    CHECK(renewed.status == 204);
    CHECK(app.events(device).status == 200);
    CHECK(app.get("/me/player/devices")["devices"].size() == 4);
}

TEST_CASE("a moved clock does not move the music") {
    App app;
    app.sign_in();
    const auto speaker = app.get("/me/player/devices")["devices"][0]["id"].get<std::string>();
    const auto track = app.get("/me/tracks?limit=1")["items"][0]["track"]["uri"];
    CHECK(
        app.api(Method::put, "/me/player/play?device_id=" + speaker, Json{{"uris", {track}}}.dump()).status ==
        204);

    app.control("/clock", {{"advance_s", 1'800}});

    const auto state = app.get("/me/player");
    CHECK(state["is_playing"] == true);
    CHECK(state["progress_ms"] < 60'000);
}

TEST_CASE("a page that went silent is forgotten, by the Web API too") {
    asio::io_context context(1);
    World world(context.get_executor(), {.users = 1, .playlists = 1});
    auto& player = world.users[0].player;
    const auto now = std::chrono::steady_clock::now();
    player.devices.push_back({.id = "silent", .sdk = true, .seen_at = now - std::chrono::seconds(60)});
    player.devices.push_back({.id = "alive", .sdk = true, .seen_at = now});
    player.active = "silent";

    world.forget_silent_devices();

    CHECK(player.find("silent") == nullptr);
    CHECK(player.find("alive") != nullptr);
    CHECK_FALSE(player.active);
}

TEST_CASE("only the scopes of the SDK make a device") {
    App app;
    app.scopes = "user-read-private streaming";
    app.sign_in();
    const auto refused = app.ask(Method::post, "/sdk/devices", {}, Json{{"token", app.token}}.dump());
    CHECK(refused.status == 403);
    CHECK(Json::parse(refused.content())["message"] == "Invalid token scopes.");
}

}  // namespace cadenza::emulator
