#pragma once

// One Web API request after its token was checked, and how the Web API answers.

#include "server/emulator/shapes.hpp"
#include "server/emulator/values.hpp"
#include "server/emulator/world.hpp"
#include "server/http/message.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::emulator {

struct Call {
    World& world;
    User& user;
    const std::set<std::string>& scopes;
    const http::Request& request;
    std::vector<std::string> path;  // what follows /v1, by '/'
    std::map<std::string, std::string> query;

    Shapes shapes() const;
    bool is(Method method, std::size_t size) const { return request.method == method && path.size() == size; }
    bool may(const char* scope) const { return scopes.count(scope) > 0; }
    bool owns(const Playlist& playlist) const { return &world.users[playlist.owner] == &user; }

    // 403 "Insufficient client scope" unless one of them was granted.
    void need(std::initializer_list<const char*> any) const;
    // 400 "Invalid limit" outside 1..most.
    std::size_t limit(std::size_t fallback, std::size_t most) const;
    std::size_t offset(std::size_t most = 100'000) const;
    std::optional<std::string> parameter(const std::string& name) const;
    // A parameter that must be there and be a number in these bounds; else 400.
    std::int64_t number(const char* name, std::int64_t least, std::int64_t most) const;
    // The body as JSON; an empty one is an empty object. 400 when it is neither.
    Json body() const { return json_body(request); }

    // Where this request was sent, with every parameter but those named, which take the place of the
    // request's own.
    std::string address(const std::vector<std::pair<std::string, std::string>>& parameters = {}) const;
    // The page of a list of `total` entries that the request asks for.
    http::Response page(std::size_t total, const std::function<Json(std::size_t)>& at,
                        std::size_t fallback = 20, std::size_t most = 50) const;
};

// What "spotify:track:…" or "spotify:episode:…" names; else 400.
struct Playable {
    bool episode{};
    Index index{};
};
Playable playable_of(const Catalogue& catalogue, const std::string& uri);

http::Response api_json(const Json& body, int status = 200);
http::Response api_error(int status, const std::string& message, const std::string& reason = {});

// Each answers its part of the Web API, or nothing when the path is not its own.
std::optional<http::Response> library_api(Call& call);
std::optional<http::Response> playlist_api(Call& call);
std::optional<http::Response> catalogue_api(Call& call);
std::optional<http::Response> player_api(Call& call);

}  // namespace cadenza::emulator
