#pragma once

// Invented cover art: flat, geometric, a few colours that go together; the same for the same id.

#include "server/http/message.hpp"

#include <string>
#include <string_view>

namespace cadenza::emulator {

enum class Art { album, artist, playlist };

// A square PNG, `size` pixels wide.
std::string render_cover(Art kind, std::string_view id, int size);

class World;
// GET /covers/<kind>/<id>/<size>.png; 404 for what there is not. `path` begins after "/covers".
http::Response cover(World& world, std::string_view path);

}  // namespace cadenza::emulator
