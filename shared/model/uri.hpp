#pragma once

#include "shared/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cadenza {

// A Spotify URI: "spotify:<kind>:<22 base-62 characters>" with kind track, album, artist, playlist, episode,
// show or user. User names may hold other characters; "spotify:user:<name>:collection" is liked songs.
// Source: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids
class Uri {
public:
    static constexpr std::string_view pattern =
        "^spotify:((track|album|artist|playlist|episode|show):[0-9A-Za-z]{22}|user:[!#-%'-+\\--;=-~]+)$";
    static constexpr std::size_t max_length = 200;

    // Errors: invalid_value.
    static Result<Uri> parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }
    std::string_view kind() const noexcept;  // "track"
    std::string_view id() const noexcept;    // what follows the kind

    bool operator==(const Uri&) const = default;

private:
    std::string text_;
};

}  // namespace cadenza
