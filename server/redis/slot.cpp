#include "server/redis/slot.hpp"

namespace cadenza::redis {
namespace {

std::uint16_t crc16(std::string_view bytes) noexcept {
    unsigned crc = 0;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000u) != 0 ? (crc << 1) ^ 0x1021u : crc << 1;
    }
    return static_cast<std::uint16_t>(crc & 0xFFFFu);
}

}  // namespace

std::uint16_t slot_of(std::string_view key) noexcept {
    if (const auto open = key.find('{'); open != key.npos) {
        const auto close = key.find('}', open + 1);
        if (close != key.npos && close != open + 1) key = key.substr(open + 1, close - open - 1);
    }
    return crc16(key) % slot_count;
}

}  // namespace cadenza::redis
