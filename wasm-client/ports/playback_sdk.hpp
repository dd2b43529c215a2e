#pragma once

// The Web Playback SDK's state object, and what it is in our terms. Source:
// https://developer.spotify.com/documentation/web-playback-sdk/reference#webplaybackstate-object

#include "shared/model/playback.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::client {

struct SdkPlayback {
    Playback playback;  // without a device: it is this one
    std::optional<PlayingItem> next;
};

// nullopt: not a state we can read.
std::optional<SdkPlayback> read_sdk_state(std::string_view json, std::int64_t now);

}  // namespace cadenza::client
