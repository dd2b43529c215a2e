#pragma once

#include "shared/base/json.hpp"
#include "tests/server/harness.hpp"

namespace cadenza::server {

// The code of the problem that an answer is, which must be a whole one.
inline std::string problem_of(const http::ClientResponse& response) {
    const auto parsed = decode<Problem>(response.body, UnknownFields::refuse);
    REQUIRE(parsed);
    CHECK(parsed->status == response.status);
    CHECK_FALSE(parsed->request_id.empty());
    CHECK(response.headers.find("Content-Type") == "application/problem+json");
    return parsed->type.substr(10);
}

}  // namespace cadenza::server
