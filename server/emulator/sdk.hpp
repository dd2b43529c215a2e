#pragma once

// What the Web Playback SDK's script and iframe talk to. Spotify keeps this part to itself; ours is our own.

#include "server/emulator/world.hpp"

namespace cadenza::emulator {

// `path` is what follows "/sdk": "/spotify-player.js", "/events", "/devices/<id>/command".
asio::awaitable<http::Response> sdk(World& world, http::Request request, std::string path);

}  // namespace cadenza::emulator
