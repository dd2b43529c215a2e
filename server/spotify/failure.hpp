#pragma once

// What Spotify's refusals mean for the person who asked, and who must do what.

#include "server/http/client.hpp"
#include "server/http/problem.hpp"

#include <string>

namespace cadenza::server {

// Of an answer above 299 that is not 429; see cool_down.hpp for that.
http::Failure failure_of(const http::ClientResponse& answer);
// Of no answer.
http::Failure failure_of(const Error& error);

http::Failure upstream_too_late();

// The machine-readable reason some of Spotify's errors carry: "NO_ACTIVE_DEVICE". Empty when there is none.
std::string reason_of(const http::ClientResponse& answer);

}  // namespace cadenza::server
