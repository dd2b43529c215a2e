#include "shared/api/edit.hpp"

#include <algorithm>

namespace cadenza {

EditId::EditId(std::int64_t now, std::int32_t nth)
    : text_("edit-" + std::to_string(now) + "-" + std::to_string(nth)) {}

Result<EditId> EditId::parse(std::string_view text) {
    const bool ok =
        text.size() >= 8 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
                   c == '-';
        });
    if (!ok) return Error{Errc::invalid_value, "8 to 64 characters of 0-9 A-Z a-z _ - expected"};
    EditId id;
    id.text_ = text;
    return id;
}

}  // namespace cadenza
