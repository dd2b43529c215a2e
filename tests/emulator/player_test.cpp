#include "tests/emulator/app.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

namespace cadenza::emulator {
namespace {

// Somebody with two devices to play on, and one that is for looking at.
struct Listening {
    explicit Listening(Options options = App::small()) : app(std::move(options)) {
        app.sign_in();
        const auto devices = app.get("/me/player/devices")["devices"];
        speaker = devices[0]["id"];
        phone = devices[1]["id"];
        television = devices[2]["id"];
        CHECK(devices[2]["is_restricted"] == true);
    }
    std::string some_tracks() {
        Json uris = Json::array();
        const auto liked = app.get("/me/tracks?limit=3")["items"];
        for (const auto& saved : liked) uris.push_back(saved["track"]["uri"]);
        return Json{{"uris", uris}}.dump();
    }

    App app;
    std::string speaker, phone, television;
};

}  // namespace

TEST_CASE("playback needs a device, and follows commands") {
    App app;
    app.sign_in();
    CHECK(app.api(Method::get, "/me/player").status == 204);
    const auto none = app.api(Method::put, "/me/player/pause");
    CHECK(none.status == 404);
    CHECK(Json::parse(none.content())["error"]["reason"] == "NO_ACTIVE_DEVICE");
    const auto device = app.get("/me/player/devices")["devices"][0]["id"].get<std::string>();
    const auto tracks = app.get("/me/tracks?limit=3")["items"];
    Json uris = Json::array();
    for (const auto& saved : tracks) uris.push_back(saved["track"]["uri"]);
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + device, Json{{"uris", uris}}.dump()).status /
              100 ==
          2);
    auto state = app.get("/me/player");
    CHECK(state["is_playing"] == true);
    CHECK(state["item"]["uri"] == uris[0]);
    CHECK(app.api(Method::post, "/me/player/next").status / 100 == 2);
    CHECK(app.get("/me/player")["item"]["uri"] == uris[1]);
    CHECK(app.api(Method::put, "/me/player/seek?position_ms=60000").status / 100 == 2);
    CHECK(app.get("/me/player")["progress_ms"] >= 60'000);
    CHECK(app.api(Method::put, "/me/player/repeat?state=track").status / 100 == 2);
    CHECK(app.get("/me/player")["repeat_state"] == "track");
    CHECK(app.api(Method::put, "/me/player/pause?device_id=unknown").status == 404);
}

TEST_CASE("playing elsewhere without a body moves the music") {
    Listening there;
    auto& app = there.app;
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.speaker, there.some_tracks()).status ==
          204);

    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.phone).status == 204);

    const auto state = app.get("/me/player");
    CHECK(state["device"]["id"] == there.phone);
    CHECK(state["is_playing"] == true);
    CHECK(app.api(Method::put, "/me/player/play").status == 403);  // it does already
}

TEST_CASE("a refused command moves nothing") {
    Listening there;
    auto& app = there.app;
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.phone).status ==
          404);  // nothing to resume
    CHECK(app.api(Method::get, "/me/player").status == 204);
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.speaker, there.some_tracks()).status ==
          204);
    const auto before = app.get("/me/player");

    for (const auto* body : {R"({"context_uri":"spotify:album:nothing"})", R"({"uris":["spotify:track:x"]})",
                             R"({"context_uri":7})", R"({"uris":[]})"})
        CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.phone, body).status / 100 == 4);

    const auto after = app.get("/me/player");
    CHECK(after["device"]["id"] == there.speaker);
    CHECK(after["item"]["uri"] == before["item"]["uri"]);
}

TEST_CASE("playback is transferred, but not to a device that obeys nobody") {
    Listening there;
    auto& app = there.app;
    const auto move = [&](const std::string& id, bool play) {
        return app.api(Method::put, "/me/player", Json{{"device_ids", {id}}, {"play", play}}.dump());
    };
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.speaker, there.some_tracks()).status ==
          204);
    CHECK(app.api(Method::put, "/me/player/pause").status == 204);

    CHECK(move(there.phone, true).status == 204);
    CHECK(app.get("/me/player")["is_playing"] == true);
    CHECK(app.get("/me/player")["device"]["volume_percent"].is_null());
    CHECK(reason_of(app.api(Method::put, "/me/player/volume?volume_percent=3")) == "VOLUME_CONTROL_DISALLOW");
    const auto refused = move(there.television, true);
    CHECK(refused.status == 403);
    CHECK(reason_of(refused) == "DEVICE_NOT_CONTROLLABLE");
    CHECK(move("nothing", true).status == 404);
    CHECK(app.get("/me/player")["device"]["id"] == there.phone);
}

TEST_CASE("a position counts what cannot be played") {
    Listening there;
    auto& app = there.app;
    const auto list = app.get("/me/playlists")["items"][4];
    const auto id = list["id"].get<std::string>();
    const auto items = app.get("/playlists/" + id + "/items")["items"];
    const auto play = [&](int position) {
        return app.api(Method::put, "/me/player/play?device_id=" + there.speaker,
                       Json{{"context_uri", list["uri"]}, {"offset", {{"position", position}}}}.dump());
    };
    const auto playing = [&] { return app.get("/me/player?additional_types=track,episode")["item"]["uri"]; };

    CHECK(play(5).status == 204);
    CHECK(playing() == items[5]["item"]["uri"]);
    CHECK(play(4).status == 204);  // null: the one after it
    CHECK(playing() == items[5]["item"]["uri"]);
    CHECK(play(8).status == 204);
    CHECK(playing() == items[8]["item"]["uri"]);
    CHECK(app.get("/me/player")["item"].is_null());  // who does not ask for episodes
    CHECK(app.get("/me/player")["currently_playing_type"] == "episode");
    CHECK(play(100'000).status == 400);
}

TEST_CASE("episodes are played and queued") {
    Listening there;
    auto& app = there.app;
    const auto episode = app.get("/me/episodes?limit=1")["items"][0]["episode"];
    const auto uri = episode["uri"].get<std::string>();
    const auto id = episode["id"].get<std::string>();

    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.speaker, there.some_tracks()).status ==
          204);
    CHECK(app.api(Method::post, "/me/player/queue?uri=" + uri).status == 204);
    CHECK(app.get("/me/player/queue")["queue"][0]["uri"] == uri);
    CHECK(app.api(Method::post, "/me/player/next").status == 204);
    CHECK(app.get("/me/player/queue")["currently_playing"]["uri"] == uri);
    CHECK(app.ask(Method::get, "/audio/" + id + ".wav").status == 206);
    CHECK(app.api(Method::put, "/me/player/play", Json{{"context_uri", episode["show"]["uri"]}}.dump())
              .status == 204);
}

TEST_CASE("reads lag behind writes, and catch up") {
    auto options = App::small();
    options.lag_ms = 1'500;  // long, because the machine may be busy
    Listening there(options);
    auto& app = there.app;
    CHECK(app.api(Method::put, "/me/player/play?device_id=" + there.speaker, there.some_tracks()).status ==
          204);

    CHECK(app.api(Method::get, "/me/player").status == 204);
    std::this_thread::sleep_for(std::chrono::milliseconds(1'600));
    CHECK(app.get("/me/player")["is_playing"] == true);
}

TEST_CASE("each reading of the player takes its scope") {
    App app;
    app.scopes = "user-read-currently-playing";
    app.sign_in();
    CHECK(app.api(Method::get, "/me/player").status == 403);
    CHECK(app.api(Method::get, "/me/player/currently-playing").status == 204);
    app.scopes = "user-read-playback-state";
    app.sign_in();
    CHECK(app.api(Method::get, "/me/player").status == 204);
    CHECK(app.api(Method::get, "/me/player/currently-playing").status == 403);
    CHECK(app.api(Method::get, "/me/player/queue").status == 403);
}

TEST_CASE("what was played is read from the newest back, page by page") {
    App app;
    app.sign_in();
    std::vector<std::string> seen;
    std::string path = "/me/player/recently-played?limit=20";
    Json page;
    for (int pages = 0; !path.empty() && pages < 9; ++pages) {
        page = app.get(path);
        for (const auto& entry : page["items"]) seen.push_back(entry["played_at"]);
        const auto next = page["next"].is_null() ? "" : page["next"].get<std::string>();
        path = next.empty() ? "" : next.substr(next.find("/v1") + 3);
    }
    CHECK(seen.size() == 50);
    CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
    CHECK(std::set(seen.begin(), seen.end()).size() == 50);

    // Numbers, not text: a short one is smaller than all of them.
    CHECK(app.get("/me/player/recently-played?after=9")["items"].size() == 20);
    CHECK(app.get("/me/player/recently-played?before=9")["items"].empty());
    const auto oldest = page["cursors"]["before"].get<std::string>();
    const auto forward = app.get("/me/player/recently-played?limit=5&after=" + oldest);
    CHECK(forward["items"].size() == 5);
    CHECK(forward["items"][4]["played_at"] == seen[48]);
    CHECK(forward["next"].get<std::string>().find("after=") != std::string::npos);
    CHECK(app.api(Method::get, "/me/player/recently-played?after=x").status == 400);
}

}  // namespace cadenza::emulator
