#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cadenza {

// A small generator with the same numbers on every platform (splitmix64), so a failing seed can be replayed.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        auto z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    // 0 to `bound` - 1.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

    std::string from(std::string_view alphabet, std::size_t length) {
        std::string out;
        for (std::size_t i = 0; i < length; ++i) out += alphabet[below(alphabet.size())];
        return out;
    }
    std::string bytes(std::size_t length) {
        std::string out;
        for (std::size_t i = 0; i < length; ++i) out += static_cast<char>(below(256));
        return out;
    }

private:
    std::uint64_t state_;
};

}  // namespace cadenza
