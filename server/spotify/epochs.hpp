#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace cadenza::server {

// Tells reads begun before a write of the same account from those begun after it. Two accounts may share a
// number, which costs them nothing but a shared request.
class Epochs {
public:
    std::uint64_t of(std::string_view account) const noexcept { return numbers_[index(account)]; }
    void advance(std::string_view account) noexcept { ++numbers_[index(account)]; }

private:
    static constexpr std::size_t places = 1'024;
    static std::size_t index(std::string_view account) noexcept {
        return std::hash<std::string_view>{}(account) % places;
    }
    std::array<std::uint64_t, places> numbers_{};
};

}  // namespace cadenza::server
