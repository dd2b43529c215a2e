#pragma once

// A fuzz target: a function that takes any bytes and asserts what must hold for them. It runs in two
// programs: under libFuzzer, which looks for bytes that break it, and in fuzz_replay, which runs the corpus.

#include <string>
#include <string_view>
#include <vector>

namespace cadenza::fuzz {

struct Target {
    std::string_view name;  // its corpus is tests/fuzz/corpus/<name>
    void (*run)(std::string_view input);
    std::vector<std::string> (*seeds)(){};  // inputs made from the data of other tests
};

// Those linked in.
std::vector<Target>& targets();

struct Registration {
    explicit Registration(const Target& target) { targets().push_back(target); }
};

// Ends the program when a property does not hold.
void require(bool holds, std::string_view property);

// What stands before `separator`, taken off `rest` with it; all of it when there is none.
std::string_view take(std::string_view& rest, char separator);
// The first byte, taken off `rest`; 0 when there is none.
unsigned char take_byte(std::string_view& rest);

}  // namespace cadenza::fuzz
