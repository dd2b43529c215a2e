#include "server/emulator/redirect_uri.hpp"
#include "tests/emulator/app.hpp"

namespace cadenza::emulator {

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

TEST_CASE("a redirect URI cannot pretend to be at a loopback address") {
    const auto* bad = GENERATE(
        "http://127.0.0.1:1@evil.example/cb", "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1\\@evil.example/cb", "http://127.0.0.1:80\\.evil.example/cb", "http://127.0.0.1:/cb",
        "http://127.0.0.1:80x/cb", "http://127.0.0.1:-80/cb", "http://127.0.0.1:65536/cb",
        "http://127.0.0.1.evil.example/cb", "http://[::1].evil.example/cb", "http://[::1]@evil.example/cb",
        "http://127.0.0.1/cb#x", "http://127.0.0.1 /cb", "http:///cb", "https://user@a.example/cb");
    App app;

    CHECK_FALSE(is_secure_redirect(bad));
    CHECK_FALSE(is_loopback_redirect(bad));
    CHECK_FALSE(is_same_redirect("http://127.0.0.1/cb", bad));
    CHECK(app.authorize("", bad).empty());
}

TEST_CASE("a registered loopback address stands for every port, and for nothing else") {
    auto options = App::small();
    options.redirects = {"http://127.0.0.1/cb", "https://a.example/cb"};
    App app(options);

    CHECK(app.authorize("", "http://127.0.0.1:8123/cb").starts_with("http://127.0.0.1:8123/cb?code="));
    CHECK(app.authorize("", "https://a.example/cb").starts_with("https://a.example/cb?code="));
    for (const auto* other : {"http://127.0.0.1:8123/other", "http://[::1]:8123/cb",
                              "https://a.example:444/cb", "http://127.0.0.1:8123@evil.example/cb"})
        CHECK(app.authorize("", other).empty());
}

TEST_CASE("the consent page offers every account and says no when it is told to") {
    auto options = App::small();
    options.auto_approve = false;
    options.users = 12;
    App app(options);
    const std::string asked = "client_id=cadenza-demo&response_type=code&state=s&redirect_uri=" +
                              percent_encode("http://127.0.0.1:9/cb");
    const auto answer = [&](const std::string& form) {
        const auto response = app.ask(Method::post, "/accounts/authorize", {}, asked + form);
        return std::string(response.headers.find("Location").value_or(""));
    };

    const auto page = std::string(app.ask(Method::get, "/accounts/authorize?" + asked).content());
    CHECK(page.find("Listener 12") != std::string::npos);
    CHECK(answer("&answer=cancel&user=0") == "http://127.0.0.1:9/cb?error=access_denied&state=s");
    CHECK(answer("&answer=agree&user=11").starts_with("http://127.0.0.1:9/cb?code="));
    CHECK(answer("&answer=agree&user=12").empty());
    CHECK(answer("&answer=agree&user=-1").empty());
}

TEST_CASE("the sixth user signs in and is told nothing") {
    auto options = App::small();
    options.auto_approve = false;
    options.users = 6;
    App app(options);
    const std::string form =
        "client_id=cadenza-demo&response_type=code&scope=user-read-private&redirect_uri=" +
        percent_encode("http://127.0.0.1:9/cb") + "&answer=agree&user=";
    const auto profile_of = [&](const std::string& user) {
        const auto back = app.ask(Method::post, "/accounts/authorize", {}, form + user);
        auto exchange = app.exchange_form(std::string(back.headers.find("Location").value_or("")));
        exchange.erase(exchange.find("&code_verifier"));
        app.token = Json::parse(app.token_request(exchange).content())["access_token"];
        return app.api(Method::get, "/me");
    };

    CHECK(profile_of("4").status == 200);
    const auto refused = profile_of("5");
    CHECK(refused.status == 403);
    CHECK(refused.content().starts_with("Check settings on developer.spotify.com/dashboard"));
}

TEST_CASE("a verifier has the length and the characters of the standard") {
    App app;
    for (const auto& verifier : {std::string(42, 'v'), std::string(129, 'v'), std::string(43, '!')}) {
        app.verifier = verifier;
        CHECK(app.token_request(app.exchange_form(app.authorize())).status == 400);
    }
    app.verifier = std::string(128, '~');
    CHECK(app.token_request(app.exchange_form(app.authorize())).status == 200);
}

TEST_CASE("the app's own token reads the catalogue and nobody's library") {
    App app;
    app.token = Json::parse(app.token_request("grant_type=client_credentials").content())["access_token"];

    CHECK(app.api(Method::get, "/search?q=harbour&type=track").status == 200);
    CHECK(app.api(Method::get, "/me").status == 401);
    CHECK(app.api(Method::put, "/me/player/pause").status == 401);
    CHECK(app.sdk_device().empty());
}

TEST_CASE("revoking ends refresh and access tokens until somebody signs in again") {
    App app;
    app.sign_in();
    const auto device = app.sdk_device();

    app.fault({{"fault", "revoked_token"}});

    CHECK(app.api(Method::get, "/me").status == 401);
    const auto refused = app.token_request("grant_type=refresh_token&refresh_token=" + app.refresh);
    CHECK(Json::parse(refused.content())["error"] == "invalid_grant");
    CHECK(app.events(device).status == 401);
    app.sign_in();
    CHECK(app.api(Method::get, "/me").status == 200);
}

}  // namespace cadenza::emulator
