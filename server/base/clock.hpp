#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace cadenza::server {

// Milliseconds since 1970. A dependency, so that tests can move it.
using Clock = std::function<std::int64_t()>;

inline std::int64_t system_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace cadenza::server
