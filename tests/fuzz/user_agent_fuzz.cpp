// What a list of sessions says of a browser holds nothing that came from outside.
#include "server/session/user_agent.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace cadenza::fuzz {
namespace {

void run(std::string_view input) {
    const auto text = server::browser_of(input);
    require(!text.empty() && text.size() <= 32, "a short name");
    require(std::all_of(text.begin(), text.end(),
                        [](char c) { return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }),
            "letters and spaces");
}

const Registration registration({"user_agent", run});

}  // namespace
}  // namespace cadenza::fuzz
