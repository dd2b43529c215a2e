#pragma once

// Everything the client knows. Only update() changes it; views only read it.

#include "shared/api/endpoints.hpp"
#include "wasm-client/app/action.hpp"
#include "wasm-client/app/page.hpp"
#include "wasm-client/app/resource.hpp"
#include "wasm-client/ports/host.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace cadenza::client {

using Effects = std::vector<Command>;

// Commands to the player; `command` alone are those to the host.
namespace player_command = cadenza::command;

// What the device remembers whoever is signed in: the record of database cadenza-meta.
struct Meta {
    std::string account;  // the last one's key, "" after sign-out
    bool signed_in{};
    std::string logout_pending;  // who signed out here and the backend has not heard: said before all else
    Theme theme{};
    Percent volume{80};
    bool letters_off{};  // letters and signs are no shortcuts: whoever speaks to the device would press them
    std::optional<ClientConfig> config;
    bool operator==(const Meta&) const = default;
};
BOOST_DESCRIBE_STRUCT(Meta, (), (account, signed_in, logout_pending, theme, volume, letters_off, config))

// What of it is to change. Tabs share the record, so each writes what it means to and no more.
struct MetaChange {
    std::optional<std::string> account;
    std::optional<bool> signed_in;
    std::optional<std::string> logout_pending;
    std::optional<Theme> theme;
    std::optional<Percent> volume;
    std::optional<bool> letters_off;
    std::optional<ClientConfig> config;
};
BOOST_DESCRIBE_STRUCT(MetaChange, (),
                      (account, signed_in, logout_pending, theme, volume, letters_off, config))

enum class SignIn {
    unknown,     // the session was not heard of yet
    signed_out,  // welcome
    signed_in,
    offline,  // the backend cannot be reached: the last account's library, as it was
    expired,  // the backend no longer knows us: the same, until somebody signs in
};

struct Toast {
    std::string text;
    std::optional<action::ToggleLike> undo;
    bool operator==(const Toast&) const = default;
};

// An edit that has not been confirmed.
struct PendingEdit {
    Edit edit;
    std::string name;  // of what it is about, for messages
    bool operator==(const PendingEdit&) const = default;
};
BOOST_DESCRIBE_STRUCT(PendingEdit, (), (edit, name))

struct Outbox {
    std::vector<PendingEdit> edits;  // oldest first; the first may be under way
    bool operator==(const Outbox&) const = default;
};

// As the device keeps it, for all tabs (command::StoreMember).
struct KeptMember {
    std::string id;
    std::string value;  // a PendingEdit
    bool operator==(const KeptMember&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeptMember, (), (id, value))
struct KeptOutbox {
    std::vector<KeptMember> members;
    bool operator==(const KeptOutbox&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeptOutbox, (), (members))

enum class Sdk { off, loading, ready, failed };

struct Player {
    Playback now;
    bool known{};  // `now` was heard of
    bool here{};   // it plays in this page
    Sdk sdk{Sdk::off};
    bool may_retry{};     // the next Play tries the failed SDK again
    std::string here_id;  // our device, while the SDK is ready
    std::string gone_id;  // our device before it was lost: what is read may still name it
    std::string trouble;  // why nothing can play here
    bool token_wanted{};
    Percent volume{80};
    Percent before_mute{};
    std::string announced;            // uri of the last track read out
    std::optional<PlayingItem> next;  // known while it plays here

    // Commands show what they will do at once; these tell when to believe what is read, and what to go back
    // to.
    std::optional<Playback> before;        // `now` before the commands that were not answered yet
    std::optional<PlayerCommand> waiting;  // for this page, as soon as the SDK is ready
    std::optional<PlayerCommand> again;    // for this page, once more in a moment
    struct Told {
        std::int32_t id{};
        PlayerCommand command;
    };
    std::optional<Told> told;    // for this page, sent for the first time
    bool expecting{};            // what is shown was accepted, and neither the SDK nor a read has said it yet
    std::int64_t asked_at{};     // when the last read was sent
    std::int64_t answered_at{};  // when the last command was answered
    std::int32_t doubtful{};     // reads in a row that failed or were not believed
    std::optional<Uri> skipped;  // what played on another device when it was to skip
    // A list too long to be sent at once: where it is, and what of it was sent last.
    struct Rest {
        std::string list;
        Uri last;
        std::vector<Uri> sent;      // and what was queued since
        bool heard{};               // it was said to play; what is said until then may be of before
        std::int64_t not_before{};  // after going on has failed
    };
    std::optional<Rest> rest;
    std::optional<Rest> rest_before;           // to go back to when the command that sent `rest` fails
    std::optional<std::int32_t> rest_command;  // that command, 0 before it is sent, until it is answered

    // The device that plays has a volume of its own only.
    bool volume_fixed() const { return !here && now.device && !now.device->supports_volume; }
};

struct Window {
    std::int32_t first{};
    std::int32_t last{30};
};

// What a request under way is for.
enum class Purpose {
    config,
    session,
    logout,
    disconnect,
    resource,
    contains,
    edit,
    playback,
    command,
    token,
    stored_resource,
    stored_outbox,
};

struct Pending {
    Purpose purpose{};
    std::string about;  // address of a resource, uris of `contains`, the place in words of a command
};

struct State {
    std::int64_t now{};
    bool online{true};
    bool visible{true};
    bool touch{};
    std::string backend;
    Meta meta;
    bool config_heard{};  // since the start; until then `meta.config` is what it was last time

    SignIn sign_in{};
    bool leaving{};        // on the way to the sign-in page
    std::string leave_to;  // its address, while a sign-out must be told first
    std::optional<SessionInfo> session;
    std::string problem;  // why signing in failed, as the server put it into the address
    bool asking_disconnect{};
    bool wipe_everything{};

    Page page;
    std::string typed;  // in the search box
    Panel panel{};
    std::optional<Toast> toast;
    bool update_waiting{};
    bool update_postponed{};
    bool update_taken{};
    std::int32_t scroll{};  // where the page must still be restored to, 0: nowhere

    Resources resources;
    std::map<std::string, Window> windows;        // by list id
    std::map<std::string, std::int32_t> shown;    // how many pages of a list that grows by "Show more"
    std::unordered_map<std::string, bool> liked;  // by uri
    std::unordered_map<std::string, std::int64_t> edited_at;  // what was asked before knows nothing of it
    bool asking_liked{};
    std::int64_t asked_liked_at{};
    Outbox outbox;
    bool outbox_loaded{};  // until then it lacks what this device kept, and is not written
    bool sending_edit{};
    bool first_edit_tried{};  // it may have been applied already, whatever was heard
    std::int64_t edits_wait_until{};
    std::int32_t edits_failed{};  // in a row

    Player player;

    std::int32_t last_id{};
    std::map<std::int32_t, Pending> pending;

    const ClientConfig* config() const { return meta.config ? &*meta.config : nullptr; }
    bool is_demo() const { return meta.config && meta.config->demo; }
    // Whether there is somebody's library to show.
    bool has_account() const { return sign_in != SignIn::unknown && sign_in != SignIn::signed_out; }
    bool can_ask() const { return sign_in == SignIn::signed_in && online; }
    std::string database() const { return "cadenza-" + meta.account; }
};

}  // namespace cadenza::client
