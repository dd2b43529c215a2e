#include "server/emulator/accounts.hpp"

#include "server/base/crypto.hpp"
#include "server/emulator/redirect_uri.hpp"
#include "server/emulator/values.hpp"
#include "shared/base/query.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t code_life = 600'000;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

constexpr std::string_view styles = R"(
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f4f2ee,#15161a)}
main{width:min(26rem,100% - 2rem);padding:2rem;border-radius:1rem;background:light-dark(#fff,#1f2127);box-sizing:border-box}
h1{font-size:1.35rem;margin:0 0 .5rem}p{margin:.5rem 0;color:light-dark(#555,#b9bcc6)}
fieldset{border:0;padding:0;margin:1.25rem 0}legend{font-weight:600;padding:0}
label{display:flex;gap:.6rem;align-items:center;padding:.7rem .9rem;margin-top:.5rem;border-radius:.6rem;background:light-dark(#f4f2ee,#2a2d35)}
.row{display:flex;gap:.75rem}button{flex:1;font:inherit;font-weight:600;padding:.7rem;border-radius:2rem;border:1px solid light-dark(#777,#8b90a0);background:none;color:inherit;cursor:pointer}
button[value=agree]{background:#5b4bd6;border-color:#5b4bd6;color:#fff}
)";

http::Response page(int status, const std::string& body) {
    const auto nonce = server::random_token(12);
    auto response = http::Response::html(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>Emulated accounts</title><style nonce=\"" +
            nonce + "\">" + std::string(styles) + "</style><main>" + body + "</main></html>",
        status);
    response.headers.add("Content-Security-Policy", "default-src 'none'; style-src 'nonce-" + nonce +
                                                        "'; base-uri 'none'; frame-ancestors 'none'");
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Referrer-Policy", "no-referrer");
    return response;
}

// Errors before the redirect URI is known to be good are shown, never sent anywhere.
http::Response error_page(const std::string& text) {
    return page(400, "<h1>Something is wrong with this request</h1><p>" + escaped(text) + "</p>");
}

http::Response send_back(const std::string& redirect_uri, const std::string& result,
                         const std::string& state) {
    std::string location = redirect_uri;
    location += redirect_uri.find('?') == std::string::npos ? '?' : '&';
    location += result;
    if (!state.empty()) location += "&state=" + percent_encode(state);
    return http::Response::redirect(std::move(location), 302);
}

bool is_known_scope(const std::string& scope) {
    static const std::set<std::string> known{"user-read-private",
                                             "user-read-email",
                                             "user-library-read",
                                             "user-library-modify",
                                             "user-follow-read",
                                             "user-follow-modify",
                                             "user-top-read",
                                             "user-read-recently-played",
                                             "user-read-playback-state",
                                             "user-modify-playback-state",
                                             "user-read-currently-playing",
                                             "user-read-playback-position",
                                             "streaming",
                                             "app-remote-control",
                                             "playlist-read-private",
                                             "playlist-read-collaborative",
                                             "playlist-modify-public",
                                             "playlist-modify-private",
                                             "ugc-image-upload"};
    return known.count(scope) > 0;
}

std::optional<std::string> complaint(const World& world, const Parameters& asked) {
    const auto client = asked["client_id"];
    const bool known = std::any_of(world.options.clients.begin(), world.options.clients.end(),
                                   [&](const auto& c) { return c.first == client; });
    if (!known) return "INVALID_CLIENT: Invalid client";
    const auto uri = asked["redirect_uri"];
    if (!is_secure_redirect(uri)) return "INVALID_CLIENT: Insecure redirect URI";
    const auto& registered = world.options.redirects;
    const bool listed = registered.empty()
                            ? is_loopback_redirect(uri)
                            : std::any_of(registered.begin(), registered.end(),
                                          [&](const auto& one) { return is_same_redirect(one, uri); });
    if (!listed) return "INVALID_CLIENT: Invalid redirect URI";
    if (asked["response_type"] != "code") return "response_type must be code";
    if (!asked["code_challenge"].empty() && asked["code_challenge_method"] != "S256")
        return "code_challenge_method must be S256";
    for (const auto& scope : split(asked["scope"], ' '))
        if (!is_known_scope(scope)) return "Illegal scope";
    return std::nullopt;
}

http::Response consent(const World& world, const Parameters& asked) {
    std::string users;
    for (std::size_t i = 0; i < world.users.size(); ++i)
        users += "<label><input type=\"radio\" name=\"user\" value=\"" + std::to_string(i) + "\"" +
                 (i == 0 ? " checked" : "") + ">" + escaped(world.users[i].name) + "</label>";
    std::string hidden;
    for (const auto& [name, value] : asked)
        hidden += "<input type=\"hidden\" name=\"" + escaped(name) + "\" value=\"" + escaped(value) + "\">";
    auto response =
        page(200,
             "<h1>Let Cadenza use an account?</h1><p>This is the built-in emulator. No real Spotify account "
             "is involved; the people and their music are invented.</p><form method=\"post\">" +
                 hidden + "<fieldset><legend>Continue as</legend>" + users +
                 "</fieldset><div class=\"row\"><button name=\"answer\" value=\"agree\">Agree</button>"
                 "<button name=\"answer\" value=\"cancel\">Cancel</button></div></form>");
    response.headers.add("Set-Cookie", "emu_session=1; Path=/; HttpOnly; SameSite=Lax");
    return response;
}

http::Response agree(World& world, const Parameters& asked, std::size_t user) {
    Code code;
    code.grant = {.user = user, .client = asked["client_id"], .authorized_at = world.now()};
    for (auto& scope : split(asked["scope"], ' ')) code.grant.scopes.insert(std::move(scope));
    code.redirect_uri = asked["redirect_uri"];
    code.challenge = asked["code_challenge"];
    code.expires_at = world.now() + code_life;
    const auto id = "AQ" + server::random_token(48);
    world.codes[id] = code;
    return send_back(code.redirect_uri, "code=" + id, asked["state"]);
}

http::Response authorize(World& world, const http::Request& request) {
    const bool answered = request.method == Method::post;
    const Parameters asked(answered ? request.body : request.query);
    if (const auto text = complaint(world, asked)) return error_page(*text);
    if (world.options.auto_approve || !asked["demo_user"].empty()) return agree(world, asked, 0);
    if (!answered) return consent(world, asked);
    if (asked["answer"] != "agree")
        return send_back(asked["redirect_uri"], "error=access_denied", asked["state"]);
    const auto user = to_number(asked["user"]).value_or(0);
    if (user < 0 || user >= static_cast<std::int64_t>(world.users.size()))
        return error_page("There is no such account");
    return agree(world, asked, static_cast<std::size_t>(user));
}

}  // namespace

Parameters::Parameters(std::string_view text) {
    if (const auto parsed = parse_query(text))
        for (const auto& [name, value] : *parsed) values_.emplace(name, value);
}

std::string Parameters::operator[](const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
}

http::Response accounts(World& world, const http::Request& request, std::string_view path) {
    if (path == "/authorize" && (request.method == Method::get || request.method == Method::post))
        return authorize(world, request);
    if (path == "/api/token" && request.method == Method::post) return token(world, request);
    return page(404, "<h1>Nothing here</h1>");
}

}  // namespace cadenza::emulator
