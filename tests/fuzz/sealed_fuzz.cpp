// What is sealed opens with the same key and purpose, and with nothing else.
// Input: a byte that says which byte of the sealed text changes, one that says how, and what is sealed.
#include "server/session/key_ring.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

void run(std::string_view input) {
    static const KeyRing ring({{"b", Secret(std::string(32, 'b'))}, {"a", Secret(std::string(32, 'a'))}});
    static const KeyRing former({{"a", Secret(std::string(32, 'a'))}});
    static const KeyRing stranger({{"b", Secret(std::string(32, 'x'))}});
    require(!ring.open(input, "p"), "what was not sealed does not open");

    const auto at = take_byte(input);
    const auto change = static_cast<char>(take_byte(input));
    const auto sealed = ring.seal(input, "p");
    const auto opened = ring.unseal(sealed, "p");
    require(opened && opened->plain == input && opened->by_first, "what was sealed opens");
    require(sealed.find_first_of(";, \"\\") == sealed.npos, "it fits into a cookie");
    require(!ring.open(sealed, "q") && !stranger.open(sealed, "p") && !former.open(sealed, "p"),
            "not for another purpose, nor with another key");
    const auto old = ring.unseal(former.seal(input, "p"), "p");
    require(old && old->plain == input && !old->by_first, "an older key opens, and says so");

    auto altered = sealed;
    altered[at % altered.size()] = change;
    require(altered == sealed || !ring.open(altered, "p"), "what was altered does not open");
    require(!ring.open(sealed.substr(0, at % sealed.size()), "p"), "what was cut does not open");
}

const Registration registration({"sealed", run});

}  // namespace
}  // namespace cadenza::fuzz
