#pragma once

// One Web API request after its token was checked, and how the Web API answers.

#include "server/emulator/shapes.hpp"
#include "server/emulator/world.hpp"
#include "server/http/message.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::emulator {

// Thrown by the helpers below and turned into the Web API's error body in one place.
struct ApiError {
    int status{};
    std::string message;
    std::string reason;
};

struct Call {
    World& world;
    User& user;
    const std::set<std::string>& scopes;
    const http::Request& request;
    std::vector<std::string> path;  // what follows /v1, by '/'
    std::map<std::string, std::string> query;

    Shapes shapes() const { return Shapes(world); }
    bool is(Method method, std::size_t size) const { return request.method == method && path.size() == size; }

    // 403 "Insufficient client scope" unless one of them was granted.
    void need(std::initializer_list<const char*> any) const;
    // 400 "Invalid limit" outside 1..most.
    std::size_t limit(std::size_t fallback, std::size_t most) const;
    std::size_t offset(std::size_t most = 100'000) const;
    std::optional<std::string> parameter(const std::string& name) const;
    // The body as JSON; an empty one is an empty object. 400 when it is neither.
    Json body() const;
    std::string address() const { return world.options.base + request.path; }
};

// "a,b" → {"a", "b"}
std::vector<std::string> split(const std::string& text, char separator);

http::Response api_json(const Json& body, int status = 200);
http::Response api_error(int status, const std::string& message, const std::string& reason = {});

// Each answers its part of the Web API, or nothing when the path is not its own.
std::optional<http::Response> library_api(Call& call);
std::optional<http::Response> playlist_api(Call& call);
std::optional<http::Response> catalogue_api(Call& call);
std::optional<http::Response> player_api(Call& call);

}  // namespace cadenza::emulator
