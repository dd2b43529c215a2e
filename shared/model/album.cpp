#include "shared/model/album.hpp"

namespace cadenza {

std::string_view release_year(const Album& album) noexcept {
    const std::string_view date = album.release_date;
    return date.size() >= 4 && date.substr(0, 4) != "0000" ? date.substr(0, 4) : std::string_view{};
}

}  // namespace cadenza
