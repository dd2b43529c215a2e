#include "tests/emulator/app.hpp"

namespace cadenza::emulator {

TEST_CASE("the library is saved and read by uri") {
    App app;
    app.sign_in();
    const auto track =
        app.get("/search?q=harbour&type=track&limit=1")["tracks"]["items"][0]["uri"].get<std::string>();
    const auto contains = [&]() -> bool { return app.get("/me/library/contains?uris=" + track)[0]; };
    CHECK(app.api(Method::put, "/me/library?uris=" + track).status == 200);
    CHECK(contains());
    CHECK(app.api(Method::delete_, "/me/library?uris=" + track).status == 200);
    CHECK_FALSE(contains());
    std::string many = track;
    for (int i = 0; i < 40; ++i) many += "," + track;
    CHECK(app.api(Method::put, "/me/library?uris=" + many).status == 400);
    CHECK(app.api(Method::put, "/me/library", "{\"uris\":[\"" + track + "\"]}").status == 400);
    CHECK(app.api(Method::get, "/me/tracks?limit=51").status == 400);
    CHECK(app.api(Method::get, "/search?q=a&type=track&limit=11").status == 400);
}

TEST_CASE("what the token does not allow is refused") {
    App app;
    app.scopes = "user-read-private";
    app.sign_in();
    CHECK(app.api(Method::get, "/me").status == 200);
    CHECK(app.api(Method::get, "/me/tracks").status == 403);
    CHECK(app.ask(Method::get, "/v1/me", {{"Authorization", "Bearer nonsense"}}).status == 401);
}

TEST_CASE("covers are square pictures in the usual sizes") {
    App app;
    app.sign_in();
    const auto images = app.get("/me/albums?limit=1");
    const auto list = app.get("/me/tracks?limit=1")["items"][0]["track"]["album"]["images"];
    REQUIRE(list.size() == 3);
    for (const auto& image : list) {
        const auto url = image["url"].get<std::string>();
        const auto picture = app.ask(Method::get, url.substr(url.find("/covers")));
        REQUIRE(picture.status == 200);
        const auto bytes = picture.content();
        const auto number = [&](std::size_t at) {
            return (static_cast<unsigned char>(bytes[at + 2]) << 8) |
                   static_cast<unsigned char>(bytes[at + 3]);
        };
        CHECK(bytes.substr(1, 3) == "PNG");
        CHECK(number(16) == image["width"]);
        CHECK(number(20) == image["width"]);
    }
}

TEST_CASE("everything that can be saved is found in its list") {
    App app;
    app.sign_in();
    const auto [kind, key] = GENERATE(table<std::string, std::string>({{"tracks", "track"},
                                                                       {"albums", "album"},
                                                                       {"shows", "show"},
                                                                       {"episodes", "episode"},
                                                                       {"audiobooks", "audiobook"}}));
    const auto first = [&] { return app.get("/me/" + kind + "?limit=1")["items"][0][key]; };
    const auto uri = first()["uri"].get<std::string>();

    CHECK(app.get("/me/library/contains?uris=" + uri)[0] == true);
    CHECK(app.api(Method::delete_, "/me/library?uris=" + uri).status == 200);
    CHECK(first()["uri"] != uri);
    CHECK(app.api(Method::put, "/me/library?uris=" + uri).status == 200);
    CHECK(first()["uri"] == uri);
    CHECK(app.get("/" + kind + "/" + first()["id"].get<std::string>())["uri"] == uri);
}

TEST_CASE("artists and people are followed, unknown playlists are not") {
    App app;
    app.sign_in();
    const auto artist = app.get("/search?q=the&type=artist&limit=1")["artists"]["items"][0]["uri"];
    for (const auto& uri : {artist.get<std::string>(), std::string("spotify:user:junipero")}) {
        CHECK(app.api(Method::put, "/me/library?uris=" + uri).status == 200);
        CHECK(app.get("/me/library/contains?uris=" + uri)[0] == true);
        CHECK(app.api(Method::delete_, "/me/library?uris=" + uri).status == 200);
        CHECK(app.get("/me/library/contains?uris=" + uri)[0] == false);
    }
    const auto total = app.get("/me/playlists")["total"];
    CHECK(app.api(Method::put, "/me/library?uris=spotify:playlist:0000000000000000000000").status == 404);
    CHECK(app.get("/me/playlists")["total"] == total);
}

TEST_CASE("what is below shows and audiobooks comes in pages") {
    App app;
    app.sign_in();
    const auto show = app.get("/me/shows?limit=1")["items"][0]["show"]["id"].get<std::string>();
    const auto book = app.get("/me/audiobooks?limit=1")["items"][0]["audiobook"]["id"].get<std::string>();
    const auto episodes = app.get("/shows/" + show + "/episodes?limit=2&offset=1");
    const auto chapters = app.get("/audiobooks/" + book + "/chapters?limit=2");

    CHECK(episodes["items"].size() == 2);
    CHECK(episodes["items"][0]["resume_point"]["fully_played"] == false);
    CHECK(app.get("/episodes/" + episodes["items"][0]["id"].get<std::string>())["show"]["id"] == show);
    CHECK(chapters["items"][1]["chapter_number"] == 2);
    CHECK(app.get("/chapters/" + chapters["items"][0]["id"].get<std::string>())["audiobook"]["id"] == book);
    CHECK(app.api(Method::get, "/episodes/0000000000000000000000").status == 404);
    for (const auto* type : {"show", "episode", "audiobook"})
        CHECK(app.get(std::string("/search?q=t&type=") + type)[std::string(type) + "s"]["total"] > 0);
}

TEST_CASE("the next page asks the same question") {
    App app;
    app.sign_in();
    const auto next = [&](const std::string& path, const std::string& group = "") {
        const auto body = app.get(path);
        return (group.empty() ? body : body[group])["next"].get<std::string>();
    };

    const auto search = next("/search?q=the%20harbour&type=track,album&limit=1", "tracks");
    CHECK(search == "http://127.0.0.1:9/v1/search?q=the%20harbour&type=track&offset=1&limit=1");
    CHECK(next("/me/top/tracks?time_range=long_term&limit=5").find("time_range=long_term") !=
          std::string::npos);
    const auto second = app.get(search.substr(search.find("/v1") + 3))["tracks"];
    CHECK(second["offset"] == 1);
    CHECK(second["previous"].get<std::string>().find("offset=0") != std::string::npos);
    const auto following = next("/me/following?type=artist&limit=5", "artists");
    CHECK(following.find("type=artist") != std::string::npos);
    CHECK(app.get(following.substr(following.find("/v1") + 3))["artists"]["items"].size() == 5);
}

TEST_CASE("below a prefix, addresses name it once") {
    auto options = App::small();
    options.base = "http://127.0.0.1:9/_demo";
    options.prefix = "/_demo";
    App app(options);
    const auto form = "grant_type=client_credentials";
    const auto token =
        app.ask(Method::post, "/_demo/accounts/api/token",
                {{"Authorization", "Basic " + server::to_base64("cadenza-demo:cadenza-demo-secret")},
                 {"Content-Type", "application/x-www-form-urlencoded"}},
                form);
    const auto bearer = "Bearer " + Json::parse(token.content())["access_token"].get<std::string>();

    const auto found =
        app.ask(Method::get, "/_demo/v1/search?q=harbour&type=track&limit=1", {{"Authorization", bearer}});
    const auto href = Json::parse(found.content())["tracks"]["href"].get<std::string>();
    CHECK(href.starts_with("http://127.0.0.1:9/_demo/v1/search?"));
}

TEST_CASE("include_groups chooses among an artist's albums") {
    App app;
    app.sign_in();
    std::size_t appearances = 0;
    const auto followed = app.get("/me/following?type=artist&limit=10")["artists"]["items"];
    for (const auto& artist : followed) {
        const auto id = artist["id"].get<std::string>();
        const auto page = app.get("/artists/" + id + "/albums?include_groups=appears_on&limit=10");
        appearances += page["items"].size();
        CHECK(app.get("/artists/" + id + "/albums?include_groups=album,single&limit=10")["total"] > 0);
    }
    CHECK(appearances > 0);
}

TEST_CASE("covers of what does not exist are not drawn") {
    App app;
    app.sign_in();
    CHECK(app.ask(Method::get, "/covers/album/0000000000000000000000/64.png").status == 404);
    CHECK(app.ask(Method::get, "/covers/planet/" + std::string(22, 'a') + "/64.png").status == 404);
    const auto me = app.get("/me")["images"][2]["url"].get<std::string>();
    CHECK(app.ask(Method::get, me.substr(me.find("/covers"))).status == 200);
}

}  // namespace cadenza::emulator
