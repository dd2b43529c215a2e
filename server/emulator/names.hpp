#pragma once

#include "server/emulator/random.hpp"

#include <string>

namespace cadenza::emulator {

// Which language an artist names things in; every one of a catalogue keeps to one.
enum class Script {
    english,
    french,
    german,
    spanish,
    polish,
    vietnamese,
    russian,
    greek,
    japanese,
    korean,
    chinese,
    arabic,
    hebrew,
    hindi
};

Script random_script(Random& random);
// Names put together from lists of plain words: no real artist, album or song is meant.
std::string artist_name(Random& random, Script script);
std::string title(Random& random, Script script);
std::string playlist_name(Random& random);
std::string genre(Random& random);

}  // namespace cadenza::emulator
