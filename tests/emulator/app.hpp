#pragma once

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/emulator/emulator.hpp"
#include "shared/base/query.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <nlohmann/json.hpp>

namespace cadenza::emulator {

using Json = nlohmann::json;

// An app and a browser at the emulator, without sockets.
class App {
public:
    explicit App(Options options = small())
        : emulator_(context_.get_executor(), with_base(std::move(options))) {}

    // One user with a small library, nobody is asked, reads do not lag.
    static Options small() {
        Options options;
        options.liked = 60;
        options.playlists = 8;
        options.auto_approve = true;
        options.lag_ms = 0;
        return options;
    }

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
    void control(const std::string& path, const Json& body) {
        CHECK(ask(Method::post, "/_emulator" + path, {}, body.dump()).status == 204);
    }
    void fault(const Json& body) { control("/faults", body); }
    // A page becomes a device; its id.
    std::string sdk_device() {
        const auto answer =
            ask(Method::post, "/sdk/devices", {}, Json{{"token", token}, {"name", "Page"}}.dump());
        return Json::parse(answer.content()).value("device_id", "");
    }
    http::Response events(const std::string& device) {
        return ask(Method::get, "/sdk/events?device=" + device + "&after=0");
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
        "user-read-private user-read-email user-library-read user-library-modify user-follow-read "
        "user-follow-modify user-top-read user-read-recently-played user-read-playback-state "
        "user-read-currently-playing user-modify-playback-state user-read-playback-position "
        "playlist-read-private playlist-read-collaborative playlist-modify-private "
        "playlist-modify-public ugc-image-upload streaming";
    std::string token, refresh;

private:
    static Options with_base(Options options) {
        if (options.base.empty()) options.base = "http://127.0.0.1:9";
        return options;
    }
    asio::io_context context_{1};
    Emulator emulator_;
};

// What the Web API says is wrong, or "".
inline std::string message_of(const http::Response& response) {
    const auto body = Json::parse(response.content(), nullptr, false);
    return body.is_object() && body.contains("error") ? body["error"].value("message", "") : "";
}
inline std::string reason_of(const http::Response& response) {
    const auto body = Json::parse(response.content(), nullptr, false);
    return body.is_object() && body.contains("error") ? body["error"].value("reason", "") : "";
}

}  // namespace cadenza::emulator
