#include "tests/fuzz/target.hpp"

#include <cstdlib>
#include <iostream>

namespace cadenza::fuzz {

std::vector<Target>& targets() {
    static std::vector<Target> all;
    return all;
}

void require(bool holds, std::string_view property) {
    if (holds) return;
    std::cerr << "does not hold: " << property << std::endl;
    std::abort();
}

std::string_view take(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto out = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    return out;
}

unsigned char take_byte(std::string_view& rest) {
    if (rest.empty()) return 0;
    const auto out = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return out;
}

}  // namespace cadenza::fuzz
