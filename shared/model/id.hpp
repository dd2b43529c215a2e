#pragma once

#include "shared/base/error.hpp"

#include <string>
#include <string_view>

namespace cadenza {

// A Spotify id: 22 base-62 characters
// (https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids). One type per kind, so an
// album id cannot be passed where a track id is meant.
template <class Kind>
class Id {
public:
    static constexpr std::string_view pattern = "^[0-9A-Za-z]{22}$";

    // Errors: invalid_value when `text` is not 22 characters of [0-9A-Za-z].
    static Result<Id> parse(std::string_view text) {
        bool ok = text.size() == 22;
        for (const char c : text)
            ok = ok && ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        if (!ok) return Error{Errc::invalid_value, std::string(Kind::name) + " id expected"};
        Id id;
        id.text_ = text;
        return id;
    }

    const std::string& str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }
    // "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"
    std::string uri() const { return "spotify:" + std::string(Kind::name) + ":" + text_; }
    // "https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh": every entity we show links back there.
    std::string link() const { return "https://open.spotify.com/" + std::string(Kind::name) + "/" + text_; }

    bool operator==(const Id&) const = default;

private:
    std::string text_;
};

struct TrackKind {
    static constexpr std::string_view name = "track";
};
struct AlbumKind {
    static constexpr std::string_view name = "album";
};
struct ArtistKind {
    static constexpr std::string_view name = "artist";
};
struct PlaylistKind {
    static constexpr std::string_view name = "playlist";
};

using TrackId = Id<TrackKind>;
using AlbumId = Id<AlbumKind>;
using ArtistId = Id<ArtistKind>;
using PlaylistId = Id<PlaylistKind>;

}  // namespace cadenza
