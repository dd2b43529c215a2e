#pragma once

// What the parts of the playlist API share.

#include "server/emulator/call.hpp"

namespace cadenza::emulator {

// Whether the app may see what is in it: own and collaborative ones only.
bool is_readable(const Call& call, const Playlist& playlist);
// 404 for what is not there, is Spotify's own, or is somebody else's and private.
Playlist& find_playlist(const Call& call, const std::string& id);
// 403 without the scope that reading this one takes.
void need_reading(const Call& call, const Playlist& playlist);
// The same for changing it; 403 "Forbidden" for one that is only followed.
Playlist& playlist_to_change(const Call& call, const std::string& id);

// With the first of its items, when they may be read.
Json whole_playlist(const Call& call, const Playlist& playlist);

// /playlists/{id}/items.
http::Response playlist_items(Call& call);

}  // namespace cadenza::emulator
