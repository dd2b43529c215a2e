#pragma once

// What somebody can do in the page. Views write one into a data-on-… attribute with on(); the host hands its
// text back unread when the element is used.

#include "shared/base/json.hpp"
#include "shared/model/uri.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <variant>

namespace cadenza::client {

enum class Theme { system, dark, light };
BOOST_DESCRIBE_ENUM(Theme, system, dark, light)

// What the panel at the side shows.
enum class Panel { none, now, queue, devices };
BOOST_DESCRIBE_ENUM(Panel, none, now, queue, devices)

namespace action {

#define CADENZA_PLAIN_ACTION(Name)                    \
    struct Name {                                     \
        bool operator==(const Name&) const = default; \
    };                                                \
    BOOST_DESCRIBE_STRUCT(Name, (), ())

// Sign-in
CADENZA_PLAIN_ACTION(SignIn)
CADENZA_PLAIN_ACTION(TryDemo)
CADENZA_PLAIN_ACTION(SignOut)
CADENZA_PLAIN_ACTION(AskDisconnect)
CADENZA_PLAIN_ACTION(CancelDisconnect)
CADENZA_PLAIN_ACTION(Disconnect)
CADENZA_PLAIN_ACTION(WipeToggled)  // value: whether everything on this device goes too

// The shell
CADENZA_PLAIN_ACTION(Retry)
CADENZA_PLAIN_ACTION(Typed)     // value: what is in the search box
CADENZA_PLAIN_ACTION(Searched)  // Enter in the search box
CADENZA_PLAIN_ACTION(DismissToast)
CADENZA_PLAIN_ACTION(DismissProblem)
CADENZA_PLAIN_ACTION(ApplyUpdate)
CADENZA_PLAIN_ACTION(PostponeUpdate)
struct ShowPanel {
    Panel panel{};  // pressed again it closes
    bool operator==(const ShowPanel&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShowPanel, (), (panel))
struct SetTheme {
    Theme theme{};
    bool operator==(const SetTheme&) const = default;
};
BOOST_DESCRIBE_STRUCT(SetTheme, (), (theme))
CADENZA_PLAIN_ACTION(SetLetters)  // value: whether letters and signs are shortcuts
struct CopyDetails {
    std::string text;
    bool operator==(const CopyDetails&) const = default;
};
BOOST_DESCRIBE_STRUCT(CopyDetails, (), (text))
struct ShowMore {
    std::string address;  // of the list's next page
    bool operator==(const ShowMore&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShowMore, (), (address))

// The library
struct ToggleLike {
    Uri uri;
    std::string name;
    bool operator==(const ToggleLike&) const = default;
};
BOOST_DESCRIBE_STRUCT(ToggleLike, (), (uri, name))

// The player
struct Play {
    std::optional<Uri> context;  // an album, a playlist, an artist
    std::optional<Uri> track;  // where in it to begin; without a context: this track and what follows it here
    std::optional<std::string> list;  // the address prefix of the list it is in
    bool operator==(const Play&) const = default;
};
BOOST_DESCRIBE_STRUCT(Play, (), (context, track, list))
CADENZA_PLAIN_ACTION(TogglePlay)
CADENZA_PLAIN_ACTION(Next)
CADENZA_PLAIN_ACTION(Previous)
CADENZA_PLAIN_ACTION(ToggleShuffle)
CADENZA_PLAIN_ACTION(CycleRepeat)
CADENZA_PLAIN_ACTION(Seek)          // value: ms
CADENZA_PLAIN_ACTION(VolumeMoving)  // value: percent, while it is dragged
CADENZA_PLAIN_ACTION(VolumeSet)     // value: percent
CADENZA_PLAIN_ACTION(ToggleMute)
struct Transfer {
    std::string device_id;
    bool operator==(const Transfer&) const = default;
};
BOOST_DESCRIBE_STRUCT(Transfer, (), (device_id))
struct Enqueue {
    Uri uri;
    std::string name;
    bool operator==(const Enqueue&) const = default;
};
BOOST_DESCRIBE_STRUCT(Enqueue, (), (uri, name))

#undef CADENZA_PLAIN_ACTION

}  // namespace action

using Action = std::variant<action::SignIn, action::TryDemo, action::SignOut, action::AskDisconnect,
                            action::CancelDisconnect, action::Disconnect, action::WipeToggled, action::Retry,
                            action::Typed, action::Searched, action::DismissToast, action::DismissProblem,
                            action::ApplyUpdate, action::PostponeUpdate, action::ShowPanel, action::SetTheme,
                            action::SetLetters, action::CopyDetails, action::ShowMore, action::ToggleLike,
                            action::Play, action::TogglePlay, action::Next, action::Previous,
                            action::ToggleShuffle, action::CycleRepeat, action::Seek, action::VolumeMoving,
                            action::VolumeSet, action::ToggleMute, action::Transfer, action::Enqueue>;

// The text of a data-on-… attribute.
inline std::string on(const Action& action) { return encode(action); }

}  // namespace cadenza::client
