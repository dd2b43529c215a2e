#include "server/emulator/accounts.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/emulator/call.hpp"
#include "shared/base/query.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t code_life = 600'000;
constexpr std::int64_t access_life = 3'600'000;
constexpr std::int64_t half_a_year = 183ll * 24 * 3'600'000;  // of a grant; refreshing does not extend it

using Parameters = std::map<std::string, std::string>;

Parameters parameters_of(std::string_view query) {
    Parameters out;
    if (const auto parsed = parse_query(query))
        for (const auto& [name, value] : *parsed) out.emplace(name, value);
    return out;
}

std::string get(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : found->second;
}

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
    const auto client = get(asked, "client_id");
    const bool known = std::any_of(world.options.clients.begin(), world.options.clients.end(),
                                   [&](const auto& c) { return c.first == client; });
    if (!known) return "INVALID_CLIENT: Invalid client";
    const auto uri = get(asked, "redirect_uri");
    if (!is_secure_redirect(uri)) return "INVALID_CLIENT: Insecure redirect URI";
    const auto& registered = world.options.redirects;
    const bool listed = registered.empty()
                            ? uri.rfind("http://127.0.0.1", 0) == 0 || uri.rfind("http://[::1]", 0) == 0
                            : std::any_of(registered.begin(), registered.end(),
                                          [&](const auto& one) { return is_same_redirect(one, uri); });
    if (!listed) return "INVALID_CLIENT: Invalid redirect URI";
    if (get(asked, "response_type") != "code") return "response_type must be code";
    if (!get(asked, "code_challenge").empty() && get(asked, "code_challenge_method") != "S256")
        return "code_challenge_method must be S256";
    for (const auto& scope : split(get(asked, "scope"), ' '))
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
    code.grant = {.user = user, .client = get(asked, "client_id"), .authorized_at = world.now()};
    for (auto& scope : split(get(asked, "scope"), ' ')) code.grant.scopes.insert(std::move(scope));
    code.redirect_uri = get(asked, "redirect_uri");
    code.challenge = get(asked, "code_challenge");
    code.expires_at = world.now() + code_life;
    const auto id = "AQ" + server::random_token(48);
    world.codes[id] = code;
    return send_back(code.redirect_uri, "code=" + id, get(asked, "state"));
}

http::Response authorize(World& world, const http::Request& request) {
    const bool answered = request.method == Method::post;
    const auto asked = parameters_of(answered ? request.body : request.query);
    if (const auto text = complaint(world, asked)) return error_page(*text);
    if (world.options.auto_approve || !get(asked, "demo_user").empty()) return agree(world, asked, 0);
    if (!answered) return consent(world, asked);
    if (get(asked, "answer") != "agree")
        return send_back(get(asked, "redirect_uri"), "error=access_denied", get(asked, "state"));
    const auto text = get(asked, "user");
    const std::size_t user =
        text.size() == 1 && text[0] >= '0' && text[0] <= '9' ? static_cast<std::size_t>(text[0] - '0') : 0;
    return agree(world, asked, std::min(user, world.users.size() - 1));
}

http::Response token_error(const char* error, const std::string& description) {
    return api_json({{"error", error}, {"error_description", description}}, 400);
}

// The client that asks, by Basic authentication or, without a secret, by its id and a verifier.
struct Asker {
    std::string client;
    bool confidential{};
};

std::optional<Asker> asker_of(const World& world, const http::Request& request, const Parameters& form) {
    const auto authorization = request.header("Authorization");
    if (authorization.empty()) {
        const auto client = get(form, "client_id");
        for (const auto& [id, secret] : world.options.clients)
            if (id == client) return Asker{client, false};
        return std::nullopt;
    }
    if (authorization.substr(0, 6) != "Basic ") return std::nullopt;
    const auto pair = server::from_base64(authorization.substr(6));
    for (const auto& [id, secret] : world.options.clients)
        if (pair == id + ":" + secret) return Asker{id, true};
    return std::nullopt;
}

Json tokens(World& world, const Grant& grant) {
    const auto access = "BQ" + server::random_token(64);
    world.tokens[access] = {grant, world.now() + access_life};
    std::string scope;
    for (const auto& one : grant.scopes) scope += (scope.empty() ? "" : " ") + one;
    return {{"access_token", access},
            {"token_type", "Bearer"},
            {"expires_in", access_life / 1000},
            {"scope", scope}};
}

http::Response exchange_code(World& world, const Asker& asker, const Parameters& form) {
    const auto found = world.codes.find(get(form, "code"));
    if (found == world.codes.end()) return token_error("invalid_grant", "Invalid authorization code");
    const auto code = found->second;
    world.codes.erase(found);  // once, whatever comes of it
    if (code.expires_at <= world.now()) return token_error("invalid_grant", "Authorization code expired");
    if (code.grant.client != asker.client) return token_error("invalid_grant", "Invalid authorization code");
    if (code.redirect_uri != get(form, "redirect_uri"))
        return token_error("invalid_grant", "Invalid redirect URI");
    const auto verifier = get(form, "code_verifier");
    if (code.challenge.empty() ? !asker.confidential : verifier.empty())
        return token_error("invalid_request", "code_verifier required");
    if (!code.challenge.empty() && server::to_base64url(server::sha256(verifier)) != code.challenge)
        return token_error("invalid_grant", "code_verifier was incorrect");
    auto out = tokens(world, code.grant);
    const auto refresh = "AQ" + server::random_token(80);
    world.refresh_tokens[refresh] = code.grant;
    out["refresh_token"] = refresh;
    return api_json(out);
}

http::Response refresh(World& world, const Asker& asker, const Parameters& form) {
    const auto found = world.refresh_tokens.find(get(form, "refresh_token"));
    if (found == world.refresh_tokens.end() || found->second.client != asker.client)
        return token_error("invalid_grant", "Refresh token revoked");
    if (found->second.authorized_at + half_a_year <= world.now()) {
        world.refresh_tokens.erase(found);
        return token_error("invalid_grant", "Refresh token expired");
    }
    return api_json(tokens(world, found->second));
}

http::Response token(World& world, const http::Request& request) {
    const auto form = parameters_of(request.body);
    const auto type = request.header("Content-Type");
    if (type.substr(0, type.find(';')) != "application/x-www-form-urlencoded")
        return token_error("invalid_request", "Content-Type must be application/x-www-form-urlencoded");
    const auto asker = asker_of(world, request, form);
    if (!asker) return token_error("invalid_client", "Invalid client");
    const auto grant_type = get(form, "grant_type");
    if (grant_type == "authorization_code") return exchange_code(world, *asker, form);
    if (grant_type == "refresh_token") return refresh(world, *asker, form);
    if (grant_type == "client_credentials") {
        if (!asker->confidential) return token_error("invalid_client", "Invalid client");
        const auto access = "BQ" + server::random_token(64);
        return api_json(
            {{"access_token", access}, {"token_type", "Bearer"}, {"expires_in", access_life / 1000}});
    }
    return token_error("unsupported_grant_type", "grant_type parameter is missing");
}

// "http://127.0.0.1:8000/x" → host "127.0.0.1", port ":8000", rest "/x"
struct Parts {
    std::string_view scheme, host, port, rest;
};
Parts parts_of(std::string_view uri) {
    Parts out;
    const auto slashes = uri.find("://");
    if (slashes == uri.npos) return out;
    out.scheme = uri.substr(0, slashes);
    auto authority = uri.substr(slashes + 3);
    const auto slash = authority.find_first_of("/?");
    out.rest = slash == authority.npos ? std::string_view{} : authority.substr(slash);
    authority = authority.substr(0, slash);
    const auto colon =
        authority.starts_with('[') ? authority.find(':', authority.find(']')) : authority.find(':');
    out.host = authority.substr(0, colon);
    out.port = colon == authority.npos ? std::string_view{} : authority.substr(colon);
    return out;
}

bool is_loopback(std::string_view host) { return host == "127.0.0.1" || host == "[::1]"; }

}  // namespace

bool is_secure_redirect(std::string_view uri) {
    const auto parts = parts_of(uri);
    if (parts.host.empty() || parts.host == "localhost" || uri.find_first_of("*# ") != uri.npos) return false;
    return parts.scheme == "https" || (parts.scheme == "http" && is_loopback(parts.host));
}

bool is_same_redirect(std::string_view registered, std::string_view uri) {
    if (registered == uri) return true;
    const auto wanted = parts_of(registered);
    const auto given = parts_of(uri);
    return is_loopback(wanted.host) && wanted.port.empty() && wanted.scheme == given.scheme &&
           wanted.host == given.host && wanted.rest == given.rest;
}

http::Response accounts(World& world, const http::Request& request, std::string_view path) {
    if (path == "/authorize" && (request.method == Method::get || request.method == Method::post))
        return authorize(world, request);
    if (path == "/api/token" && request.method == Method::post) return token(world, request);
    return page(404, "<h1>Nothing here</h1>");
}

}  // namespace cadenza::emulator
