#include "server/spotify/priority.hpp"

namespace cadenza::server {

Priority priority_of(std::string_view field) noexcept {
    while (!field.empty()) {
        const auto comma = field.find(',');
        auto member = field.substr(0, comma);
        field.remove_prefix(comma == field.npos ? field.size() : comma + 1);
        while (member.starts_with(' ') || member.starts_with('\t')) member.remove_prefix(1);
        while (member.ends_with(' ') || member.ends_with('\t')) member.remove_suffix(1);
        if (member.size() != 3 || !member.starts_with("u=")) continue;
        const char urgency = member[2];
        if (urgency == '4' || urgency == '5') return Priority::sync;
        if (urgency == '6' || urgency == '7') return Priority::prefetch;
        return Priority::interactive;
    }
    return Priority::interactive;
}

}  // namespace cadenza::server
