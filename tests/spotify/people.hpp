#pragma once

// Several Spotify users at one server.

#include "shared/api/problem.hpp"
#include "tests/server/harness.hpp"

#include <string>
#include <string_view>

namespace cadenza::server {

inline ProblemCode code(const http::ClientResponse& response) {
    const auto parsed = decode<Problem>(response.body);
    REQUIRE(parsed);
    return code_of(*parsed);
}

// Requests to Spotify whose target has `part` in it.
inline long count(const Harness& server, std::string_view part) {
    return std::count_if(server.upstream.begin(), server.upstream.end(),
                         [&](const auto& request) { return request.target.find(part) != std::string::npos; });
}

// Signs in as the user `id`; the jar is theirs from then on.
inline Jar sign_in_as(Harness& server, const std::string& id) {
    server.jar = {};
    const auto before = server.intercept;
    server.intercept = [id](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!request.target.ends_with("/me")) return std::nullopt;
        return http::ClientResponse{200, {}, "{\"id\":\"" + id + "\"}"};
    };
    server.sign_in();
    server.intercept = before;
    return server.jar;
}

}  // namespace cadenza::server
