#pragma once

#include "shared/base/bounded.hpp"
#include "shared/base/url.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace cadenza {

// Cover art or a portrait. Never cropped, covered, blurred or animated (Spotify's design guidelines).
struct Image {
    Url url;
    std::optional<Count> width;  // in pixels; Spotify leaves it out for uploads

    bool operator==(const Image&) const = default;
};
BOOST_DESCRIBE_STRUCT(Image, (), (url, width))

// The smallest image at least `pixels` wide, else the widest; nullptr when there is none. The order Spotify
// lists them in is not reliable, so the width decides.
const Image* best_image(const std::vector<Image>& images, std::int32_t pixels) noexcept;

}  // namespace cadenza
