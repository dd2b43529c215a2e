#pragma once

#include "server/emulator/names.hpp"

#include <string_view>
#include <vector>

namespace cadenza::emulator {

using Words = std::vector<std::string_view>;

// Something, and where, when or how it is: any two put together read as a name in that language, because the
// second never has to agree with the first.
struct Lexicon {
    Words things;
    Words settings;
    std::string_view between;
};

// Of every script but english, whose names have more than one pattern.
const Lexicon& lexicon(Script script);

}  // namespace cadenza::emulator
