#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cadenza::emulator {

// splitmix64: the same catalogue for a seed on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        auto z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    int between(int least, int most) {
        return least + static_cast<int>(below(static_cast<std::size_t>(most - least + 1)));
    }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    template <class Range>
    const auto& pick(const Range& range) {
        return range[below(range.size())];
    }
    // 22 base-62 characters.
    std::string id() {
        constexpr std::string_view alphabet =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        std::string out;
        for (int i = 0; i < 22; ++i) out += alphabet[below(alphabet.size())];
        return out;
    }

private:
    std::uint64_t state_;
};

// A seed from text (FNV-1a), for what belongs to an id.
inline std::uint64_t seed_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return hash;
}

}  // namespace cadenza::emulator
