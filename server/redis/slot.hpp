#pragma once

#include <cstdint>
#include <string_view>

namespace cadenza::redis {

// A cluster spreads its keys over that many slots.
inline constexpr std::uint16_t slot_count = 16384;

// The slot of a key: CRC16 (XMODEM) of what stands between the first { and the next }, when that is not
// empty, else of the whole key. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
std::uint16_t slot_of(std::string_view key) noexcept;

}  // namespace cadenza::redis
