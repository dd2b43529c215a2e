#include "server/emulator/emulator.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/emulator/accounts.hpp"
#include "server/emulator/catalogue.hpp"
#include "server/emulator/player_state.hpp"
#include "server/emulator/sound.hpp"
#include "shared/base/query.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace cadenza::emulator {
namespace {

using Json = nlohmann::json;

// An app and a browser at the emulator, without sockets.
class App {
public:
    explicit App(Options options = {}) : emulator_(context_.get_executor(), with_base(std::move(options))) {}

    http::Response ask(Method method, const std::string& target, http::Headers headers = {},
                       std::string body = {}) {
        http::Request request;
        request.method = method;
        request.path = *percent_decode(target.substr(0, target.find('?')));
        if (const auto at = target.find('?'); at != target.npos) request.query = target.substr(at + 1);
        request.headers = std::move(headers);
        request.body = std::move(body);
        request.remote = "127.0.0.1";
        return server::run(context_, emulator_.handle(std::move(request)));
    }
    http::Response api(Method method, const std::string& path, std::string body = {}) {
        return ask(method, "/v1" + path,
                   {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                   std::move(body));
    }
    Json get(const std::string& path) { return Json::parse(api(Method::get, path).content()); }

    std::string authorize(const std::string& more = "",
                          const std::string& redirect = "http://127.0.0.1:9/cb") {
        const auto challenge = server::to_base64url(server::sha256(verifier));
        const auto answer =
            ask(Method::get,
                "/accounts/authorize?client_id=cadenza-demo&response_type=code&state=s%26t&scope=" +
                    percent_encode(scopes) + "&code_challenge_method=S256&code_challenge=" + challenge +
                    "&redirect_uri=" + percent_encode(redirect) + more);
        return std::string(answer.headers.find("Location").value_or(""));
    }
    http::Response token_request(const std::string& form,
                                 const std::string& basic = "cadenza-demo:cadenza-demo-secret") {
        return ask(Method::post, "/accounts/api/token",
                   {{"Authorization", "Basic " + server::to_base64(basic)},
                    {"Content-Type", "application/x-www-form-urlencoded"}},
                   form);
    }
    std::string exchange_form(const std::string& location) const {
        const auto begin = location.find("code=") + 5;
        return "grant_type=authorization_code&code=" +
               location.substr(begin, location.find('&', begin) - begin) +
               "&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb&code_verifier=" + verifier;
    }
    void sign_in() {
        const auto answer = Json::parse(token_request(exchange_form(authorize())).content());
        token = answer["access_token"];
        refresh = answer["refresh_token"];
    }

    std::string verifier = std::string(43, 'v');
    std::string scopes =
        "user-library-read user-library-modify user-read-playback-state user-modify-playback-state "
        "playlist-read-private playlist-modify-private playlist-modify-public user-read-private";
    std::string token, refresh;

private:
    static Options with_base(Options options) {
        options.base = "http://127.0.0.1:9";
        options.auto_approve = true;
        options.lag_ms = 0;
        return options;
    }
    asio::io_context context_{1};
    Emulator emulator_;
};

}  // namespace

TEST_CASE("the catalogue is what its seed says") {
    const auto one = make_catalogue(1);
    const auto again = make_catalogue(1);
    const auto other = make_catalogue(2);
    CHECK(one.artists.size() >= 50);
    CHECK(one.albums.size() >= 250);
    CHECK(one.tracks.size() >= 2'500);
    REQUIRE(again.tracks.size() == one.tracks.size());
    bool same = true;
    std::set<std::string> ids;
    bool wide = false;
    for (std::size_t i = 0; i < one.tracks.size(); ++i) {
        same = same && one.tracks[i].name == again.tracks[i].name && one.tracks[i].id == again.tracks[i].id;
        ids.insert(one.tracks[i].id);
        for (const char c : one.tracks[i].name) wide = wide || static_cast<unsigned char>(c) >= 0xE0;
    }
    CHECK(same);
    CHECK(wide);  // scripts beyond Latin, Greek and Cyrillic
    CHECK(ids.size() == one.tracks.size());
    CHECK(other.tracks[0].id != one.tracks[0].id);
}

TEST_CASE("different tracks sound different, and any range is exact") {
    const auto whole = wav_bytes("a", 2'000, 0, wav_size(2'000) - 1);
    CHECK(whole.size() == wav_size(2'000));
    CHECK(whole.substr(0, 4) == "RIFF");
    CHECK(wav_bytes("a", 2'000, 1'001, 5'002) == whole.substr(1'001, 4'002));
    CHECK(wav_bytes("b", 2'000, 0, 9'999) != whole.substr(0, 10'000));
    double sum = 0;
    for (std::size_t i = 44; i + 1 < whole.size(); i += 2) {
        const auto sample = static_cast<std::int16_t>(static_cast<unsigned char>(whole[i]) |
                                                      (static_cast<unsigned char>(whole[i + 1]) << 8));
        sum += static_cast<double>(sample) * sample;
    }
    CHECK(sum / (static_cast<double>(whole.size()) / 2) > 10'000);
    CHECK(Song::frequency(69) == Approx(440.0));
}

TEST_CASE("redirect URIs are as strict as Spotify's") {
    CHECK(is_secure_redirect("https://a.example/cb"));
    CHECK(is_secure_redirect("http://127.0.0.1:8000/cb"));
    CHECK(is_secure_redirect("http://[::1]/cb"));
    for (const auto* bad :
         {"http://localhost/cb", "http://a.example/cb", "http://127.0.0.2/cb", "ftp://127.0.0.1/"})
        CHECK_FALSE(is_secure_redirect(bad));
    CHECK(is_same_redirect("http://127.0.0.1/cb", "http://127.0.0.1:81/cb"));
    CHECK_FALSE(is_same_redirect("http://127.0.0.1:80/cb", "http://127.0.0.1:81/cb"));
    CHECK_FALSE(is_same_redirect("https://a.example/cb", "https://a.example/cb/"));
}

TEST_CASE("codes are for one use, one verifier, one client") {
    App app;
    const auto back = app.authorize();
    CHECK(back.starts_with("http://127.0.0.1:9/cb?"));
    CHECK(back.find("state=s%26t") != std::string::npos);
    CHECK(app.token_request(app.exchange_form(back), "cadenza-demo:wrong").status == 400);
    const auto good = app.token_request(app.exchange_form(app.authorize()));
    CHECK(good.status == 200);
    const auto body = Json::parse(good.content());
    CHECK(body["expires_in"] == 3'600);
    CHECK(body["token_type"] == "Bearer");
    const auto once = app.exchange_form(app.authorize());
    CHECK(app.token_request(once).status == 200);
    CHECK(Json::parse(app.token_request(once).content())["error"] == "invalid_grant");
    const auto other = app.exchange_form(app.authorize());
    CHECK(app.token_request(other.substr(0, other.rfind('=') + 1) + std::string(43, 'w')).status == 400);
    CHECK(app.authorize("", "http://localhost:9/cb").empty());
}

TEST_CASE("refreshing gives no new refresh token, and ends after six months") {
    App app;
    app.sign_in();
    const auto refresh = [&] {
        return app.token_request("grant_type=refresh_token&refresh_token=" + app.refresh);
    };
    const auto answer = refresh();
    CHECK(answer.status == 200);
    CHECK_FALSE(Json::parse(answer.content()).contains("refresh_token"));
    const auto forward = [&](int days) {
        CHECK(app.ask(Method::post, "/_emulator/clock", {},
                      "{\"advance_s\":" + std::to_string(days * 86'400) + "}")
                  .status == 204);
    };
    forward(1);
    CHECK(app.api(Method::get, "/me").status == 401);
    CHECK(refresh().status == 200);
    forward(190);
    CHECK(Json::parse(refresh().content())["error"] == "invalid_grant");
}

TEST_CASE("what the token does not allow is refused") {
    App app;
    app.scopes = "user-read-private";
    app.sign_in();
    CHECK(app.api(Method::get, "/me").status == 200);
    CHECK(app.api(Method::get, "/me/tracks").status == 403);
    CHECK(app.ask(Method::get, "/v1/me", {{"Authorization", "Bearer nonsense"}}).status == 401);
}

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

}  // namespace cadenza::emulator
