#include "shared/model/playback.hpp"

#include <algorithm>

namespace cadenza {

std::int64_t progress_at(const Playback& playback, std::int64_t now) noexcept {
    std::int64_t progress = playback.progress_ms;
    if (playback.is_playing) progress += std::max<std::int64_t>(0, now - playback.timestamp);
    const std::int64_t end = playback.item ? playback.item->duration_ms.get() : 0;
    return std::clamp<std::int64_t>(progress, 0, end);
}

}  // namespace cadenza
