#include "shared/model/uri.hpp"

#include "shared/model/id.hpp"

#include <algorithm>
#include <array>

namespace cadenza {
namespace {

constexpr std::array<std::string_view, 7> kinds{"track",   "album", "artist", "playlist",
                                                "episode", "show",  "user"};
constexpr std::string_view scheme = "spotify:";

}  // namespace

Result<Uri> Uri::parse(std::string_view text) {
    Error problem{Errc::invalid_value, "Spotify URI expected"};
    if (!text.starts_with(scheme) || text.size() > Uri::max_length) return problem;
    const auto rest = text.substr(scheme.size());
    const auto colon = rest.find(':');
    if (colon == rest.npos) return problem;
    const auto kind = rest.substr(0, colon);
    const auto id = rest.substr(colon + 1);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return problem;
    const bool ok = kind == "user" ? !id.empty() && std::all_of(id.begin(), id.end(),
                                                                [](char c) {
                                                                    return c > ' ' && c < 0x7F && c != ',' &&
                                                                           c != '"' && c != '<' && c != '&';
                                                                })
                                   : TrackId::parse(id).has_value();
    if (!ok) return problem;
    Uri uri;
    uri.text_ = text;
    return uri;
}

std::string_view Uri::kind() const noexcept {
    if (text_.empty()) return {};
    const auto rest = std::string_view(text_).substr(scheme.size());
    return rest.substr(0, rest.find(':'));
}

std::string_view Uri::id() const noexcept {
    if (text_.empty()) return {};
    return std::string_view(text_).substr(scheme.size() + kind().size() + 1);
}

}  // namespace cadenza
