#pragma once

// Which redirect URIs Spotify accepts. Source:
// https://developer.spotify.com/documentation/web-api/concepts/redirect_uri

#include <string_view>

namespace cadenza::emulator {

// Whether Spotify would let an app register this redirect URI: https, or http on a loopback address written
// as a number. Never with user information, a fragment, or a port that is not a number.
bool is_secure_redirect(std::string_view uri);
// http://127.0.0.1… or http://[::1]…
bool is_loopback_redirect(std::string_view uri);
// Whether `uri` is `registered`; a loopback literal registered without a port stands for every port.
bool is_same_redirect(std::string_view registered, std::string_view uri);

}  // namespace cadenza::emulator
