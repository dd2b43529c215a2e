#pragma once

// What crosses between the core and the page's host modules (wasm-client/host/*.js), in both directions. The
// host carries these out and reports back; it decides nothing and knows no event of ours by name.
//
// One call: {"now": <ms since 1970>, "input": {"<case>": {…}}}  →  {"patches": [{"<case>": {…}}, …],
// "commands": [{"<case>": {…}}, …]}. Case names are the structs' names in snake_case. Patches are applied
// first, in order.

#include "shared/base/bounded.hpp"
#include "wasm-client/ports/input.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cadenza::client {

struct Call {
    Millis now;
    Input input;
    bool operator==(const Call&) const = default;
};
BOOST_DESCRIBE_STRUCT(Call, (), (now, input))

// ---------------------------------------------------------------- core → host
namespace command {

struct HeaderLine {
    std::string name;
    std::string value;
    bool operator==(const HeaderLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(HeaderLine, (), (name, value))

// Answered by input::Answered with the same id. Credentials are included, redirects are errors.
struct Fetch {
    std::int32_t id{};
    std::string method;
    std::string url;
    std::vector<HeaderLine> headers;
    std::optional<std::string> body;
    std::int32_t timeout_ms{};
    bool operator==(const Fetch&) const = default;
};
BOOST_DESCRIBE_STRUCT(Fetch, (), (id, method, url, headers, body, timeout_ms))

struct Abort {
    std::int32_t id{};
    bool operator==(const Abort&) const = default;
};
BOOST_DESCRIBE_STRUCT(Abort, (), (id))

// IndexedDB, object store "kept" of the account's database. Answered by input::Stored.
struct StoreGet {
    std::int32_t id{};
    std::string database;
    std::string key;
    bool operator==(const StoreGet&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoreGet, (), (id, database, key))

struct StorePut {
    std::string database;
    std::string key;
    std::string value;
    bool operator==(const StorePut&) const = default;
};
BOOST_DESCRIBE_STRUCT(StorePut, (), (database, key, value))

// Adds or, without a `value`, removes one member of the list kept under `key`: {"members": [{"id", "value"},
// …]}. The others stay as any tab has written them.
struct StoreMember {
    std::string database;
    std::string key;
    std::string id;
    std::optional<std::string> value;
    bool operator==(const StoreMember&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoreMember, (), (database, key, id, value))

// Changes fields of the one record of database cadenza-meta, which comes back in input::Started. The others
// stay as any tab has written them.
struct StoreMeta {
    std::string value;  // a JSON object
    bool operator==(const StoreMeta&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoreMeta, (), (value))

// Puts to that database that were not carried out yet are dropped: another tab deletes it.
struct StoreDrop {
    std::string database;
    bool operator==(const StoreDrop&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoreDrop, (), (database))

// Deletes what was put before then: under keys that begin with `prefix` in that database, and databases of
// other accounts whose last put is as old.
struct StoreExpire {
    std::string database;  // "": nobody is signed in
    std::string prefix;
    Millis before;
    bool operator==(const StoreExpire&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoreExpire, (), (database, prefix, before))

// Deletes that database and every cache but the precache; with `everything`, all databases of ours too.
struct Wipe {
    std::string database;
    bool everything{};
    bool operator==(const Wipe&) const = default;
};
BOOST_DESCRIBE_STRUCT(Wipe, (), (database, everything))

// Changes the address without loading.
struct Navigate {
    std::string address;
    bool replace{};
    bool operator==(const Navigate&) const = default;
};
BOOST_DESCRIBE_STRUCT(Navigate, (), (address, replace))

// Loads another document in this tab: sign-in.
struct Leave {
    std::string url;
    bool operator==(const Leave&) const = default;
};
BOOST_DESCRIBE_STRUCT(Leave, (), (url))

struct SetTitle {
    std::string text;
    bool operator==(const SetTitle&) const = default;
};
BOOST_DESCRIBE_STRUCT(SetTitle, (), (text))

// Moves keyboard focus to the element with this id, without scrolling.
struct Focus {
    std::string target;
    bool operator==(const Focus&) const = default;
};
BOOST_DESCRIBE_STRUCT(Focus, (), (target))

// Scrolls the pane with this id.
struct ScrollTo {
    std::string target;
    std::int32_t top{};
    bool operator==(const ScrollTo&) const = default;
};
BOOST_DESCRIBE_STRUCT(ScrollTo, (), (target, top))

// Read out by screen readers; not shown.
struct Announce {
    std::string text;
    bool operator==(const Announce&) const = default;
};
BOOST_DESCRIBE_STRUCT(Announce, (), (text))

// Starts, or starts anew, the timer of that name.
struct StartTimer {
    std::string timer;
    std::int32_t after_ms{};
    bool operator==(const StartTimer&) const = default;
};
BOOST_DESCRIBE_STRUCT(StartTimer, (), (timer, after_ms))

struct StopTimer {
    std::string timer;
    bool operator==(const StopTimer&) const = default;
};
BOOST_DESCRIBE_STRUCT(StopTimer, (), (timer))

// Sets an attribute of <html>: "data-state", "data-theme".
struct SetAttribute {
    std::string name;
    std::string value;
    bool operator==(const SetAttribute&) const = default;
};
BOOST_DESCRIBE_STRUCT(SetAttribute, (), (name, value))

// Adds the SDK's script, then makes a player of that name and connects it.
struct SdkStart {
    std::string url;
    std::string name;
    Percent volume;
    bool operator==(const SdkStart&) const = default;
};
BOOST_DESCRIBE_STRUCT(SdkStart, (), (url, name, volume))

enum class SdkMethod { connect, disconnect, activate, pause, resume, next, previous, seek, volume };
BOOST_DESCRIBE_ENUM(SdkMethod, connect, disconnect, activate, pause, resume, next, previous, seek, volume)

struct SdkCall {
    SdkMethod method{};
    std::int64_t value{};  // of seek: ms; of volume: percent
    bool operator==(const SdkCall&) const = default;
};
BOOST_DESCRIBE_STRUCT(SdkCall, (), (method, value))

// Answers SdkSignal::token_wanted.
struct SdkToken {
    std::string access_token;
    bool operator==(const SdkToken&) const = default;
};
BOOST_DESCRIBE_STRUCT(SdkToken, (), (access_token))

// What the system's media controls show. Without a title they are cleared.
struct SetMedia {
    std::string title;
    std::string artist;
    std::string album;
    std::string artwork;  // URL
    bool playing{};
    Millis position_ms;
    Millis duration_ms;
    bool operator==(const SetMedia&) const = default;
};
BOOST_DESCRIBE_STRUCT(SetMedia, (), (title, artist, album, artwork, playing, position_ms, duration_ms))

// Lets the waiting version take over; every tab reloads once.
struct ApplyUpdate {
    bool only_tab{};  // not while another tab of ours is open: it may be playing
    bool operator==(const ApplyUpdate&) const = default;
};
BOOST_DESCRIBE_STRUCT(ApplyUpdate, (), (only_tab))

// Tells the other tabs, which get input::AccountSignalled.
struct SignalAccount {
    std::string account;
    std::string logout_pending;
    bool operator==(const SignalAccount&) const = default;
};
BOOST_DESCRIBE_STRUCT(SignalAccount, (), (account, logout_pending))

struct Copy {
    std::string text;
    bool operator==(const Copy&) const = default;
};
BOOST_DESCRIBE_STRUCT(Copy, (), (text))
// From now on errors of the page are reported to `dsn`, those from before too.
struct ReportErrors {
    std::string dsn;
    std::string environment;  // "production" or "demo"
    bool operator==(const ReportErrors&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportErrors, (), (dsn, environment))

}  // namespace command

using Command =
    std::variant<command::Fetch, command::Abort, command::StoreGet, command::StorePut, command::StoreMember,
                 command::StoreMeta, command::StoreDrop, command::StoreExpire, command::Wipe,
                 command::Navigate, command::Leave, command::SetTitle, command::Focus, command::ScrollTo,
                 command::Announce, command::StartTimer, command::StopTimer, command::SetAttribute,
                 command::SdkStart, command::SdkCall, command::SdkToken, command::SetMedia,
                 command::ApplyUpdate, command::SignalAccount, command::Copy, command::ReportErrors>;

namespace patch {

// The element `target` (an id) now looks like `markup`; identity, focus, scroll and the rows of lists in it
// (elements with data-list) are kept.
struct Morph {
    std::string target;
    std::string markup;
    bool operator==(const Morph&) const = default;
};
BOOST_DESCRIBE_STRUCT(Morph, (), (target, markup))

// The list `target` now holds exactly `markup`, all its rows in one piece.
struct Fill {
    std::string target;
    std::string markup;
    bool operator==(const Fill&) const = default;
};
BOOST_DESCRIBE_STRUCT(Fill, (), (target, markup))

// Puts one row into the list `target`, before the row `before`, at the end when that is empty.
struct Insert {
    std::string target;
    std::string before;
    std::string markup;
    bool operator==(const Insert&) const = default;
};
BOOST_DESCRIBE_STRUCT(Insert, (), (target, before, markup))

// Moves the row `target` before its sibling `before`, to the end when that is empty.
struct Move {
    std::string target;
    std::string before;
    bool operator==(const Move&) const = default;
};
BOOST_DESCRIBE_STRUCT(Move, (), (target, before))

struct Remove {
    std::string target;
    bool operator==(const Remove&) const = default;
};
BOOST_DESCRIBE_STRUCT(Remove, (), (target))

}  // namespace patch

using Patch = std::variant<patch::Morph, patch::Fill, patch::Insert, patch::Move, patch::Remove>;

struct Reply {
    std::vector<Patch> patches;
    std::vector<Command> commands;
    bool operator==(const Reply&) const = default;
};
BOOST_DESCRIBE_STRUCT(Reply, (), (patches, commands))

}  // namespace cadenza::client
