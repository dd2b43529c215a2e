// The entry libFuzzer looks for: the one target this program was linked with.
#include "tests/fuzz/target.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of its own on the heap, so that reading past its end is noticed.
    const std::vector<char> input(data, data + size);
    cadenza::fuzz::targets().front().run({input.data(), input.size()});
    return 0;
}
