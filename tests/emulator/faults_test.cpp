#include "tests/emulator/app.hpp"

namespace cadenza::emulator {

TEST_CASE("faults come when they are asked for, as often as that") {
    App app;
    app.sign_in();
    const auto fault = [&](const std::string& json) {
        CHECK(app.ask(Method::post, "/_emulator/faults", {}, json).status == 204);
    };
    fault(R"({"fault":"rate_limit","retry_after_s":7,"count":2})");
    for (int i = 0; i < 2; ++i) {
        const auto refused = app.api(Method::get, "/me");
        CHECK(refused.status == 429);
        CHECK(refused.headers.find("Retry-After") == "7");
    }
    CHECK(app.api(Method::get, "/me").status == 200);
    fault(R"({"fault":"quota","path":"/v1/me/tracks"})");
    CHECK(app.api(Method::get, "/me").status == 200);
    CHECK(Json::parse(app.api(Method::get, "/me/tracks").content())["error"]["reason"] == "QUOTA_EXCEEDED");
    CHECK(app.ask(Method::get, "/_emulator/health").status == 200);
}

TEST_CASE("two refusals are plain text") {
    App app;
    app.sign_in();
    for (const auto* kind : {"owner_not_premium", "not_registered"}) {
        app.fault({{"fault", kind}});
        const auto refused = app.api(Method::get, "/me");
        CHECK(refused.status == 403);
        CHECK(Json::parse(refused.content(), nullptr, false).is_discarded());
    }
}

TEST_CASE("without Premium nothing plays, here or elsewhere") {
    App app;
    app.sign_in();
    const auto device = app.get("/me/player/devices")["devices"][0]["id"].get<std::string>();

    app.fault({{"fault", "not_premium"}, {"count", 2}});

    CHECK(app.api(Method::get, "/me/player").status == 204);
    const auto refused = app.api(Method::put, "/me/player", Json{{"device_ids", {device}}}.dump());
    CHECK(refused.status == 403);
    CHECK(reason_of(refused) == "PREMIUM_REQUIRED");
    const auto page = app.ask(Method::post, "/sdk/devices", {}, Json{{"token", app.token}}.dump());
    CHECK(Json::parse(page.content())["event"] == "account_error");
    CHECK_FALSE(app.sdk_device().empty());
}

TEST_CASE("the SDK's own errors can be had") {
    App app;
    app.sign_in();
    const auto track = app.get("/me/tracks?limit=1")["items"][0]["track"]["id"].get<std::string>();
    const auto join = [&] {
        return Json::parse(
            app.ask(Method::post, "/sdk/devices", {}, Json{{"token", app.token}}.dump()).content());
    };
    const auto sound = [&] { return app.ask(Method::get, "/audio/" + track + ".wav").status; };

    app.fault({{"fault", "initialization_error"}});
    CHECK(join()["event"] == "initialization_error");
    app.fault({{"fault", "autoplay"}});
    CHECK(join()["gated"] == true);
    CHECK(join()["gated"] == false);
    app.fault({{"fault", "playback_error"}});
    CHECK(sound() == 500);
    CHECK(sound() == 206);
}

TEST_CASE("nonsense is refused, whatever it is") {
    App app;
    app.sign_in();
    const auto device = app.get("/me/player/devices")["devices"][0]["id"].get<std::string>();
    const auto page = app.sdk_device();
    const auto list = app.get("/me/playlists")["items"][0]["id"].get<std::string>();
    const auto track = app.get("/me/tracks?limit=1")["items"][0]["track"]["uri"].get<std::string>();
    CHECK(app.api(Method::put, "/me/player", Json{{"device_ids", {page}}}.dump()).status == 204);
    const auto hostile = GENERATE(as<std::string>{}, "18446744073709551615", "-1", "1e300", "\"x\"", "[]",
                                  "{}", "true", "9223372036854775807");

    const auto bad = [&](const http::Response& response) {
        CHECK(response.status >= 400);
        CHECK(response.status < 500);
    };
    const auto items = "/playlists/" + list + "/items";
    for (const auto* key : {"range_start", "range_length", "insert_before"}) {
        Json move{{"range_start", 0}, {"range_length", 1}, {"insert_before", 0}};
        move[key] = Json::parse(hostile);
        bad(app.api(Method::put, items, move.dump()));
    }
    bad(app.api(Method::post, items + "?uris=" + track + "&position=" + percent_encode(hostile)));
    bad(app.api(Method::get, "/me/tracks?offset=" + percent_encode(hostile)));
    bad(app.api(Method::put, "/me/player/play?device_id=" + device, "{\"position_ms\":" + hostile + "}"));
    bad(app.api(Method::put,
                "/me/player/seek?device_id=" + device + "&position_ms=" + percent_encode(hostile)));
    bad(app.api(Method::put, "/me/player", "{\"device_ids\":" + hostile + "}"));
    bad(app.ask(Method::post, "/sdk/devices", {}, "{\"token\":" + hostile + "}"));
    bad(app.ask(Method::post, "/_emulator/clock", {}, "{\"advance_s\":" + hostile + "0000000000000000000}"));
    // A page's own nonsense ends in an answer, not in the end of the emulator.
    for (const auto* name : {"\"volume\"", "\"seek\"", "\"report\"", "7"})
        CHECK(app.ask(Method::post, "/sdk/devices/" + page + "/command", {},
                      std::string("{\"name\":") + name + ",\"value\":" + hostile + "}")
                  .status < 500);
}

}  // namespace cadenza::emulator
