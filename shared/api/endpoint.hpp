#pragma once

// What one row of the HTTP contract says. The table is in endpoints.hpp; the server's router, the client's
// requests, the OpenAPI document and the gate's tests all read it.

#include "shared/api/method.hpp"
#include "shared/base/json_type.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace cadenza {

// No path parameters, no query, no body, no content in the answer.
struct None {
    bool operator==(const None&) const = default;
};
BOOST_DESCRIBE_STRUCT(None, (), ())

enum class Access {
    open,     // anyone
    session,  // 401 signed_out without a session
    account,  // a session, and X-Cadenza-Account must name its account when it is there
};

struct EndpointInfo {
    Method method{};
    std::string_view path;  // "/api/playlists/{id}/items"
    Access access{};
    std::string_view summary;
    const json::Type* parameters{};  // of the path
    const json::Type* query{};
    const json::Type* body{};
    const json::Type* answer{};  // None: 204
};

// `Path`, `Query`, `Body` and `Answer` are described structs (Body may be a variant); None where there is
// nothing.
template <class Path, class Query, class Body, class Answer>
struct Endpoint {
    EndpointInfo info;

    constexpr Endpoint(Method method, std::string_view path, Access access, std::string_view summary)
        : info{method,
               path,
               access,
               summary,
               &json::type_of<Path>,
               &json::type_of<Query>,
               &json::type_of<Body>,
               &json::type_of<Answer>} {}
};

// "/api/playlists/37i9…/items?offset=50&limit=50" for `endpoint`; values are percent-encoded.
std::string address(const EndpointInfo& endpoint, const void* path, const void* query);

template <class Path, class Query, class Body, class Answer>
std::string address(const Endpoint<Path, Query, Body, Answer>& endpoint, const Path& path = {},
                    const Query& query = {}) {
    return address(endpoint.info, &path, &query);
}

}  // namespace cadenza
