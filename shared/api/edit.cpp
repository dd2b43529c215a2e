#include "shared/api/edit.hpp"

#include <algorithm>

namespace cadenza {

Status validate(const Edit& edit) {
    const bool ok = edit.id.size() >= 8 && edit.id.size() <= 64 &&
                    std::all_of(edit.id.begin(), edit.id.end(), [](char c) {
                        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                               c == '_' || c == '-';
                    });
    if (!ok) return Error{Errc::invalid_value, "id must be 8 to 64 characters of 0-9 A-Z a-z _ -"};
    return {};
}

}  // namespace cadenza
