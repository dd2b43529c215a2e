#include "shared/model/artist.hpp"

namespace cadenza {

std::string names(const std::vector<ArtistRef>& artists) {
    std::string out;
    for (const auto& artist : artists) {
        if (!out.empty()) out += ", ";
        out += artist.name;
    }
    return out;
}

}  // namespace cadenza
