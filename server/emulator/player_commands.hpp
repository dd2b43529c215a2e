#pragma once

#include "server/emulator/call.hpp"

namespace cadenza::emulator {

// Whatever changes the player: PUT and POST on /me/player and below.
std::optional<http::Response> player_command(Call& call);

}  // namespace cadenza::emulator
