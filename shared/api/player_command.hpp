#pragma once

#include "shared/base/bounded_list.hpp"
#include "shared/model/playback.hpp"

#include <optional>
#include <string>
#include <variant>

namespace cadenza {

// POST /api/player/commands: an object with exactly one key, the command's name in snake_case, such as
// {"seek": {"position_ms": 1000}}. `device_id` names the device; absent means the active one.
namespace command {

using DeviceId = std::optional<std::string>;

// Where to begin in the context or the list: exactly one of the two.
struct Offset {
    std::optional<Count> position;
    std::optional<Uri> uri;
    bool operator==(const Offset&) const = default;
};
BOOST_DESCRIBE_STRUCT(Offset, (), (position, uri))

// Exactly one of `context_uri` and `uris`.
struct Play {
    std::optional<Uri> context_uri;
    BoundedList<Uri, 0, 100> uris;
    std::optional<Offset> offset;
    std::optional<Millis> position_ms;
    DeviceId device_id;
    bool operator==(const Play&) const = default;
};
BOOST_DESCRIBE_STRUCT(Play, (), (context_uri, uris, offset, position_ms, device_id))
Status validate(const Play& play);

#define CADENZA_PLAIN_COMMAND(Name)                   \
    struct Name {                                     \
        DeviceId device_id;                           \
        bool operator==(const Name&) const = default; \
    };                                                \
    BOOST_DESCRIBE_STRUCT(Name, (), (device_id))
CADENZA_PLAIN_COMMAND(Pause)
CADENZA_PLAIN_COMMAND(Resume)
CADENZA_PLAIN_COMMAND(Next)
CADENZA_PLAIN_COMMAND(Previous)
#undef CADENZA_PLAIN_COMMAND

struct Seek {
    Millis position_ms;
    DeviceId device_id;
    bool operator==(const Seek&) const = default;
};
BOOST_DESCRIBE_STRUCT(Seek, (), (position_ms, device_id))

struct Volume {
    Percent percent;
    DeviceId device_id;
    bool operator==(const Volume&) const = default;
};
BOOST_DESCRIBE_STRUCT(Volume, (), (percent, device_id))

struct Shuffle {
    bool on{};
    DeviceId device_id;
    bool operator==(const Shuffle&) const = default;
};
BOOST_DESCRIBE_STRUCT(Shuffle, (), (on, device_id))

struct Repeat {
    RepeatMode mode{};
    DeviceId device_id;
    bool operator==(const Repeat&) const = default;
};
BOOST_DESCRIBE_STRUCT(Repeat, (), (mode, device_id))

struct Queue {
    Uri uri;
    DeviceId device_id;
    bool operator==(const Queue&) const = default;
};
BOOST_DESCRIBE_STRUCT(Queue, (), (uri, device_id))

// Here `device_id` is where playback goes; with `play` it starts there even when it was paused.
struct Transfer {
    std::string device_id;
    bool play{};
    bool operator==(const Transfer&) const = default;
};
BOOST_DESCRIBE_STRUCT(Transfer, (), (device_id, play))

}  // namespace command

using PlayerCommand = std::variant<command::Play, command::Pause, command::Resume, command::Next,
                                   command::Previous, command::Seek, command::Volume, command::Shuffle,
                                   command::Repeat, command::Queue, command::Transfer>;

}  // namespace cadenza
