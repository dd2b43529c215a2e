#include "shared/model/image.hpp"

namespace cadenza {

const Image* best_image(const std::vector<Image>& images, std::int32_t pixels) noexcept {
    const Image* best = nullptr;
    for (const auto& image : images) {
        if (!best) {
            best = &image;
            continue;
        }
        const auto width = image.width.value_or(0).get();
        const auto best_width = best->width.value_or(0).get();
        const bool best_is_enough = best_width >= pixels;
        if (best_is_enough ? width >= pixels && width < best_width : width > best_width) best = &image;
    }
    return best;
}

}  // namespace cadenza
