#pragma once

// Invented cover art: flat, geometric, a few colours that go together; the same for the same id.

#include <string>
#include <string_view>

namespace cadenza::emulator {

enum class Art { album, artist, playlist };

// A square PNG, `size` pixels wide.
std::string render_cover(Art kind, std::string_view id, int size);

}  // namespace cadenza::emulator
