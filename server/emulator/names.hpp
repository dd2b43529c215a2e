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
// Names put together from lists of plain words, two at the least: no real artist, album or song is meant.
std::string artist_name(Random& random, Script script);
std::string title(Random& random, Script script);
std::string playlist_name(Random& random);
std::string person_name(Random& random);
std::string genre(Random& random);
// "Ferry" → "Ferries"
std::string plural(std::string noun);

// What `make` makes, again until `fresh` says that it is new; numbered when it never is.
template <class Make, class Fresh>
std::string unused_name(Make&& make, Fresh&& fresh) {
    for (int i = 0; i < 60; ++i) {
        auto name = make();
        if (fresh(name)) return name;
    }
    const auto name = make();
    for (int number = 2;; ++number) {
        auto numbered = name + " " + std::to_string(number);
        if (fresh(numbered)) return numbered;
    }
}

}  // namespace cadenza::emulator
