#pragma once

// Faults that tests switch on, and the two kinds of 429 that come by themselves.

#include "server/emulator/world.hpp"

#include <optional>

namespace cadenza::emulator {

// What a request to `path` ("/v1/me") suffers, if anything: delays it, and may answer in its place. A
// response with status 0 closes the connection without an answer.
asio::awaitable<std::optional<http::Response>> suffer(World& world, Method method, std::string path);

// Whether a fault of this kind waits; uses it up.
bool take_fault(World& world, std::string_view kind);

// Counts a Web API request; 429 when there were too many in 30 s, or in 24 h.
std::optional<http::Response> count_call(World& world);

// /_emulator/…, for loopback peers only. `path` is what follows.
http::Response control(World& world, const http::Request& request, std::string_view path);

}  // namespace cadenza::emulator
