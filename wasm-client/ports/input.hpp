#pragma once

// What the page's host modules report to the core (ports/host.hpp has the other direction).

#include "shared/base/bounded.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cadenza::client {

namespace input {

// Once, first. `address` is path and query.
struct Started {
    std::string address;
    bool online{};
    bool visible{};
    bool touch{};         // the main pointer is coarse
    std::string shell;    // which markup the page's shell was written with: <html data-shell>
    std::string backend;  // from config.json: origin of the backend, empty for this one
    std::string meta;     // what store_meta kept, "" at first
    bool operator==(const Started&) const = default;
};
BOOST_DESCRIBE_STRUCT(Started, (), (address, online, visible, touch, shell, backend, meta))

// Something with data-on-<DOM event> was used. `event` is that attribute's text, handed back unread; `value`
// is the control's value where it has one ("true"/"false" for a checkbox).
struct Acted {
    std::string event;
    std::optional<std::string> value;
    bool operator==(const Acted&) const = default;
};
BOOST_DESCRIBE_STRUCT(Acted, (), (event, value))

enum class FetchFailure { network, timeout, aborted };
BOOST_DESCRIBE_ENUM(FetchFailure, network, timeout, aborted)

// Answer to command::Fetch. Without `failure`, `status` and `body` are what the server sent.
struct Answered {
    std::int32_t id{};
    std::int32_t status{};
    std::string body;
    std::optional<FetchFailure> failure;
    bool operator==(const Answered&) const = default;
};
BOOST_DESCRIBE_STRUCT(Answered, (), (id, status, body, failure))

// Answer to command::StoreGet. Absent `value`: nothing kept under that key, or it cannot be read.
struct Stored {
    std::int32_t id{};
    std::optional<std::string> value;
    bool operator==(const Stored&) const = default;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (id, value))

struct TimerFired {
    std::string timer;
    bool operator==(const TimerFired&) const = default;
};
BOOST_DESCRIBE_STRUCT(TimerFired, (), (timer))

// Back or forward, or a plain click on a link of ours. `scroll` is where that page was left, in CSS pixels.
struct Navigated {
    std::string address;
    bool history{};  // by back or forward: the address is already the browser's
    std::int32_t scroll{};
    bool operator==(const Navigated&) const = default;
};
BOOST_DESCRIBE_STRUCT(Navigated, (), (address, history, scroll))

struct NetworkChanged {
    bool online{};
    bool operator==(const NetworkChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(NetworkChanged, (), (online))

struct VisibilityChanged {
    bool visible{};
    bool operator==(const VisibilityChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(VisibilityChanged, (), (visible))

// A key outside every text field and slider. `key` is KeyboardEvent.key.
struct KeyPressed {
    std::string key;
    bool ctrl{};  // or Command
    bool shift{};
    bool alt{};
    bool operator==(const KeyPressed&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyPressed, (), (key, ctrl, shift, alt))

// A list with data-window came into view or was scrolled: rows `first` to `last` (exclusive) are on screen.
struct WindowMoved {
    std::string list;  // the element's id
    std::int32_t first{};
    std::int32_t last{};
    bool operator==(const WindowMoved&) const = default;
};
BOOST_DESCRIBE_STRUCT(WindowMoved, (), (list, first, last))

// A media key or the lock screen's controls: "play", "pause", "previoustrack", "nexttrack", "seekto", "stop".
struct MediaAction {
    std::string action;
    std::optional<Millis> position_ms;
    bool operator==(const MediaAction&) const = default;
};
BOOST_DESCRIBE_STRUCT(MediaAction, (), (action, position_ms))

enum class SdkSignal {
    loaded,       // the script ran; the player can be made
    load_failed,  // the script did not come
    token_wanted,
    ready,      // `text` is the device id
    not_ready,  // `text` is the device id
    autoplay_failed,
    initialization_error,  // `text` is the message, of this and the following
    authentication_error,
    account_error,
    playback_error,
};
BOOST_DESCRIBE_ENUM(SdkSignal, loaded, load_failed, token_wanted, ready, not_ready, autoplay_failed,
                    initialization_error, authentication_error, account_error, playback_error)

struct SdkSignalled {
    SdkSignal signal{};
    std::string text;
    bool operator==(const SdkSignalled&) const = default;
};
BOOST_DESCRIBE_STRUCT(SdkSignalled, (), (signal, text))

// player_state_changed: the SDK's own JSON, decoded in ports/playback_sdk.cpp; absent when playback moved
// away.
struct SdkStateChanged {
    std::optional<std::string> state;
    bool operator==(const SdkStateChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(SdkStateChanged, (), (state))

// A new version of the app is installed and waits.
struct UpdateFound {
    bool operator==(const UpdateFound&) const = default;
};
BOOST_DESCRIBE_STRUCT(UpdateFound, (), ())

// Another tab signed in, out, or as somebody else.
struct AccountSignalled {
    std::string account;         // "" when signed out
    std::string logout_pending;  // the account whose sign-out the backend has not heard of yet
    bool operator==(const AccountSignalled&) const = default;
};
BOOST_DESCRIBE_STRUCT(AccountSignalled, (), (account, logout_pending))

// Somebody scrolled, or did anything else, since the last move through the history: the page is theirs.
struct Scrolled {
    bool operator==(const Scrolled&) const = default;
};
BOOST_DESCRIBE_STRUCT(Scrolled, (), ())

// The document was left and is back as it was, timers and requests apart: from the browser's back-forward
// cache.
struct Resumed {
    bool operator==(const Resumed&) const = default;
};
BOOST_DESCRIBE_STRUCT(Resumed, (), ())

}  // namespace input

using Input =
    std::variant<input::Started, input::Acted, input::Answered, input::Stored, input::TimerFired,
                 input::Navigated, input::NetworkChanged, input::VisibilityChanged, input::KeyPressed,
                 input::WindowMoved, input::MediaAction, input::SdkSignalled, input::SdkStateChanged,
                 input::UpdateFound, input::AccountSignalled, input::Scrolled, input::Resumed>;

}  // namespace cadenza::client
