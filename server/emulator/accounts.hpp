#pragma once

// The accounts service: consent page, codes, tokens. Source:
// https://developer.spotify.com/documentation/web-api/tutorials/code-flow

#include "server/emulator/world.hpp"

namespace cadenza::emulator {

// `path` is what follows "/accounts": "/authorize", "/api/token".
http::Response accounts(World& world, const http::Request& request, std::string_view path);

// Whether Spotify would let an app register this redirect URI: https, or a loopback address written as a
// number.
bool is_secure_redirect(std::string_view uri);
// Whether `uri` is `registered`; a loopback literal registered without a port stands for every port.
bool is_same_redirect(std::string_view registered, std::string_view uri);

}  // namespace cadenza::emulator
