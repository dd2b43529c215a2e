#include "shared/api/pages.hpp"

#include "shared/model/id.hpp"

namespace cadenza {

bool is_page(std::string_view path) noexcept {
    for (const auto pattern : page_patterns) {
        const auto brace = pattern.find('{');
        if (brace == pattern.npos) {
            if (path == pattern) return true;
        } else if (path.substr(0, brace) == pattern.substr(0, brace) && TrackId::parse(path.substr(brace))) {
            return true;
        }
    }
    return false;
}

}  // namespace cadenza
