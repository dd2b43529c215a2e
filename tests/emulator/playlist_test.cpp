#include "tests/emulator/app.hpp"

namespace cadenza::emulator {

TEST_CASE("a playlist is made, filled, moved about and emptied") {
    App app;
    app.sign_in();
    std::vector<std::string> uris;
    const auto liked = app.get("/me/tracks?limit=4")["items"];
    for (const auto& saved : liked) uris.push_back(saved["track"]["uri"]);
    const auto made = app.api(Method::post, "/me/playlists", R"({"name":"Mine","public":false})");
    CHECK(made.status == 201);
    auto playlist = Json::parse(made.content());
    const auto items = "/playlists/" + playlist["id"].get<std::string>() + "/items";
    const auto order = [&] {
        std::vector<std::string> out;
        const auto entries = app.get(items)["items"];
        for (const auto& entry : entries) out.push_back(entry["item"]["uri"]);
        return out;
    };
    std::string snapshot = playlist["snapshot_id"];
    const auto write = [&](Method method, const Json& body, int status) {
        const auto response = app.api(method, items, body.dump());
        CHECK(response.status == status);
        const std::string now = Json::parse(response.content())["snapshot_id"];
        CHECK(now != snapshot);
        snapshot = now;
    };

    write(Method::post, {{"uris", {uris[0], uris[1]}}}, 201);
    write(Method::post, {{"uris", {uris[2]}}, {"position", 0}}, 201);
    CHECK(order() == std::vector{uris[2], uris[0], uris[1]});
    write(Method::put, {{"range_start", 0}, {"insert_before", 3}, {"snapshot_id", snapshot}}, 200);
    CHECK(order() == std::vector{uris[0], uris[1], uris[2]});
    write(Method::put, {{"range_start", 1}, {"range_length", 2}, {"insert_before", 0}}, 200);
    CHECK(order() == std::vector{uris[1], uris[2], uris[0]});
    write(Method::put, {{"uris", {uris[3], uris[0], uris[3]}}}, 200);
    CHECK(order() == std::vector{uris[3], uris[0], uris[3]});
    write(Method::delete_, {{"items", {{{"uri", uris[3]}}}}, {"snapshot_id", snapshot}}, 200);
    CHECK(order() == std::vector{uris[0]});
    write(Method::put, {{"uris", Json::array()}}, 200);
    CHECK(order().empty());
}

TEST_CASE("a snapshot that never was is refused, an older one is not") {
    App app;
    app.sign_in();
    const auto playlist = app.get("/me/playlists")["items"][0];
    const auto items = "/playlists/" + playlist["id"].get<std::string>() + "/items";
    const auto move = [&](const std::string& snapshot) {
        return app.api(Method::put, items,
                       Json{{"range_start", 0}, {"insert_before", 2}, {"snapshot_id", snapshot}}.dump());
    };
    const std::string first = playlist["snapshot_id"];

    CHECK(move(first).status == 200);
    CHECK(move(first).status == 200);
    CHECK(move("nonsense").status == 400);
    CHECK(move(server::to_base64("snapshot,99," + playlist["id"].get<std::string>())).status == 400);
}

TEST_CASE("what may be read of a playlist depends on whose it is") {
    App app;
    app.sign_in();
    const auto lists = app.get("/me/playlists")["items"];
    const auto id = [&](std::size_t i) { return lists[i]["id"].get<std::string>(); };

    const auto followed = app.get("/playlists/" + id(3));
    CHECK_FALSE(followed.contains("items"));
    CHECK(followed["owner"]["id"] != app.get("/me")["id"]);
    const auto closed = app.api(Method::get, "/playlists/" + id(3) + "/items");
    CHECK(closed.status == 403);
    CHECK(message_of(closed) == "Forbidden");
    CHECK(app.api(Method::put, "/playlists/" + id(3), R"({"name":"Not mine"})").status == 403);
    CHECK(lists[5]["collaborative"] == true);
    CHECK(lists[5]["public"] == false);
    CHECK(app.get("/playlists/" + id(5))["items"]["total"] > 0);
    CHECK(app.api(Method::get, "/playlists/37i9dQZF1DX10000000000").status == 404);
    CHECK(app.get("/search?q=editorial&type=playlist")["playlists"]["items"][0].is_null());
    CHECK(app.api(Method::get, "/playlists/" + id(0) + "/tracks").status == 403);
}

TEST_CASE("a playlist can hold nothing, a file of one's own and an episode") {
    App app;
    app.sign_in();
    const auto list = app.get("/me/playlists")["items"][4]["id"].get<std::string>();
    const auto items = app.get("/playlists/" + list + "/items")["items"];

    CHECK(items[4]["item"].is_null());
    CHECK(items[6]["is_local"] == true);
    CHECK(items[6]["item"]["id"].is_null());
    CHECK(items[6]["item"]["album"]["id"].is_null());
    CHECK(items[6]["item"]["external_urls"].empty());
    const auto episode = items[8]["item"];
    CHECK(episode["type"] == "episode");
    CHECK(episode["show"]["type"] == "show");
    CHECK(app.api(Method::post, "/playlists/" + list + "/items?uris=" + episode["uri"].get<std::string>())
              .status == 201);
    CHECK(
        app.api(Method::delete_, "/playlists/" + list + "/items", Json{{"items", {episode}}}.dump()).status ==
        200);
    CHECK(app.get("/playlists/" + list + "/items")["items"][8]["item"]["type"] != "episode");
}

TEST_CASE("only private playlists are collaborative") {
    App app;
    app.sign_in();
    const auto make = [&](const char* body) { return app.api(Method::post, "/me/playlists", body).status; };
    CHECK(make(R"({"name":"a","collaborative":true})") == 400);
    CHECK(make(R"({"name":"a","collaborative":true,"public":true})") == 400);
    CHECK(make(R"({"name":"a","collaborative":true,"public":false})") == 201);
    CHECK(make(R"({"name":7})") == 400);
    const auto list = "/playlists/" + app.get("/me/playlists")["items"][0]["id"].get<std::string>();
    CHECK(app.api(Method::put, list, R"({"public":true})").status == 400);
    CHECK(app.api(Method::put, list, R"({"public":true,"collaborative":false,"name":"b"})").status == 200);
    CHECK(app.get(list)["name"] == "b");
}

TEST_CASE("private playlists take scopes of their own") {
    App app;
    app.sign_in();
    const auto lists = app.get("/me/playlists");
    const auto shared = "/playlists/" + lists["items"][5]["id"].get<std::string>();
    app.scopes = "playlist-read-private playlist-modify-public";
    app.sign_in();

    CHECK(app.get("/me/playlists")["total"] == lists["total"].get<int>() - 1);
    CHECK(app.api(Method::get, shared + "/items").status == 403);
    CHECK(app.api(Method::post, "/me/playlists", R"({"name":"a","public":false})").status == 403);
    CHECK(app.api(Method::post, "/me/playlists", R"({"name":"a"})").status == 201);
    app.scopes = "playlist-modify-private";
    app.sign_in();
    CHECK(app.api(Method::get, "/me/playlists").status == 403);
    CHECK(app.api(Method::post, "/me/playlists", R"({"name":"a"})").status == 403);
}

TEST_CASE("a picture of one's own takes the place of the cover") {
    App app;
    app.sign_in();
    const auto list = "/playlists/" + app.get("/me/playlists")["items"][0]["id"].get<std::string>();
    const auto send = [&](const std::string& body, const char* type = "image/jpeg") {
        return app
            .ask(Method::put, "/v1" + list + "/images",
                 {{"Authorization", "Bearer " + app.token}, {"Content-Type", type}}, body)
            .status;
    };
    const std::string jpeg = "\xFF\xD8\xFF\xE0 not much of a picture";

    CHECK(send("no base64 at all!") == 400);
    CHECK(send(server::to_base64("PNG, rather")) == 400);
    CHECK(send(server::to_base64(jpeg), "image/png") == 400);
    CHECK(send(server::to_base64("\xFF\xD8\xFF" + std::string(200'000, 'x'))) == 413);
    CHECK(app.get(list + "/images").size() == 3);
    CHECK(send(server::to_base64(jpeg)) == 202);
    const auto images = app.get(list + "/images");
    REQUIRE(images.size() == 1);
    const auto url = images[0]["url"].get<std::string>();
    CHECK(app.ask(Method::get, url.substr(url.find("/covers"))).content() == jpeg);
    app.scopes = "playlist-modify-public playlist-modify-private";
    app.sign_in();
    CHECK(send(server::to_base64(jpeg)) == 403);
}

}  // namespace cadenza::emulator
