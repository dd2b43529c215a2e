// POST /api/token: codes, refresh tokens and the app's own grant.
#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/emulator/accounts.hpp"
#include "server/emulator/call.hpp"

#include <algorithm>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t access_life = 3'600'000;
constexpr std::int64_t half_a_year = 183ll * 24 * 3'600'000;  // of a grant; refreshing does not extend it

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
        const auto client = form["client_id"];
        for (const auto& [id, secret] : world.options.clients)
            if (id == client) return Asker{client, false};
        return std::nullopt;
    }
    if (authorization.substr(0, 6) != "Basic ") return std::nullopt;
    const auto pair = server::from_base64(authorization.substr(6));
    for (const auto& [id, secret] : world.options.clients)
        if (pair == std::string(id).append(":").append(secret)) return Asker{id, true};
    return std::nullopt;
}

Json tokens(World& world, const Grant& grant) {
    const auto access = "BQ" + server::random_token(64);
    world.tokens[access] = {grant, world.now() + access_life};
    std::string scope;
    for (const auto& one : grant.scopes) {
        if (!scope.empty()) scope += ' ';
        scope += one;
    }
    return {{"access_token", access},
            {"token_type", "Bearer"},
            {"expires_in", access_life / 1000},
            {"scope", scope}};
}

// RFC 7636, section 4.1.
bool is_verifier(std::string_view text) {
    return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '.' || c == '_' || c == '~';
           });
}

http::Response exchange_code(World& world, const Asker& asker, const Parameters& form) {
    const auto found = world.codes.find(form["code"]);
    if (found == world.codes.end()) return token_error("invalid_grant", "Invalid authorization code");
    const auto code = found->second;
    world.codes.erase(found);  // once, whatever comes of it
    if (code.expires_at <= world.now()) return token_error("invalid_grant", "Authorization code expired");
    if (code.grant.client != asker.client) return token_error("invalid_grant", "Invalid authorization code");
    if (code.redirect_uri != form["redirect_uri"])
        return token_error("invalid_grant", "Invalid redirect URI");
    const auto verifier = form["code_verifier"];
    if (code.challenge.empty() ? !asker.confidential : verifier.empty())
        return token_error("invalid_request", "code_verifier required");
    if (!verifier.empty() && !is_verifier(verifier))
        return token_error("invalid_request", "code_verifier must be 43 to 128 unreserved characters");
    if (!code.challenge.empty() && server::to_base64url(server::sha256(verifier)) != code.challenge)
        return token_error("invalid_grant", "code_verifier was incorrect");
    auto out = tokens(world, code.grant);
    const auto refresh = "AQ" + server::random_token(80);
    world.refresh_tokens[refresh] = code.grant;
    out["refresh_token"] = refresh;
    return api_json(out);
}

http::Response refresh(World& world, const Asker& asker, const Parameters& form) {
    const auto found = world.refresh_tokens.find(form["refresh_token"]);
    if (found == world.refresh_tokens.end() || found->second.client != asker.client)
        return token_error("invalid_grant", "Refresh token revoked");
    if (found->second.authorized_at + half_a_year <= world.now()) {
        world.refresh_tokens.erase(found);
        return token_error("invalid_grant", "Refresh token expired");
    }
    return api_json(tokens(world, found->second));
}

}  // namespace

http::Response token(World& world, const http::Request& request) {
    const Parameters form(request.body);
    const auto type = request.header("Content-Type");
    if (type.substr(0, type.find(';')) != "application/x-www-form-urlencoded")
        return token_error("invalid_request", "Content-Type must be application/x-www-form-urlencoded");
    const auto asker = asker_of(world, request, form);
    if (!asker) return token_error("invalid_client", "Invalid client");
    const auto grant_type = form["grant_type"];
    if (grant_type == "authorization_code") return exchange_code(world, *asker, form);
    if (grant_type == "refresh_token") return refresh(world, *asker, form);
    if (grant_type == "client_credentials") {
        if (!asker->confidential) return token_error("invalid_client", "Invalid client");
        auto out = tokens(world, {.client = asker->client, .authorized_at = world.now()});
        out.erase("scope");
        return api_json(out);
    }
    return token_error("unsupported_grant_type", "grant_type parameter is missing");
}

}  // namespace cadenza::emulator
