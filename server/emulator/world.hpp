#pragma once

// Everything the emulator knows. One thread; no locks.

#include "server/emulator/catalogue.hpp"
#include "server/emulator/options.hpp"
#include "server/emulator/player_state.hpp"
#include "server/emulator/random.hpp"
#include "server/http/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cadenza::emulator {

namespace asio = boost::asio;

enum class EntryKind { track, null, local, episode };

struct Entry {
    EntryKind kind{};
    Index index{};  // of the track or the episode
    std::int64_t added_at{};
};

// Whose a playlist is decides what may be read of it.
enum class Ownership { own, collaborative, followed, editorial };

struct Playlist {
    std::string id;
    std::string name;
    std::string description;
    std::size_t owner{};  // user index: whose it is, or who follows it
    std::string owner_id;
    std::string owner_name;
    Ownership ownership{};
    bool is_public{true};
    std::vector<Entry> entries;
    std::int64_t edits{};  // makes the snapshot id
    std::string picture;   // JPEG its owner sent
};

struct Saved {
    Index index{};
    std::int64_t added_at{};
};

struct User {
    std::string id;
    std::string name;
    bool allowlisted{true};
    bool premium{true};
    std::vector<Saved> tracks;           // newest first
    std::vector<Saved> albums;           // newest first
    std::vector<Saved> shows;            // newest first
    std::vector<Saved> episodes;         // newest first
    std::vector<Saved> audiobooks;       // newest first
    std::vector<Index> artists;          // followed
    std::set<std::string> users;         // followed, by id
    std::vector<std::string> playlists;  // ids, own and followed
    Player player;
    // What GET still shows for `lag_ms` after a change.
    std::optional<Player> stale;
    std::int64_t changed_at{};
};

struct Grant {
    std::optional<std::size_t> user;  // nobody: the app's own grant
    std::string client;
    std::set<std::string> scopes;
    std::int64_t authorized_at{};
};

struct Code {
    Grant grant;
    std::string redirect_uri;
    std::string challenge;  // S256, or empty
    std::int64_t expires_at{};
};

struct AccessToken {
    Grant grant;
    std::int64_t expires_at{};
};

struct Fault {
    std::string kind;
    std::string path;  // prefix; empty: any of /v1
    int count{1};
    int retry_after_s{1};
    int delay_ms{0};
};

struct SeenRequest {
    std::string method;
    std::string path;
    std::vector<std::string> headers;  // names only
};

class World;
// The accounts with their libraries, devices and playlists, the same for the same options.
void make_people(World& world);

class World {
public:
    World(asio::any_io_executor context, Options settings);

    // Back to how it began, the clock included.
    void reset();

    std::int64_t now() const;
    // Moves the clock that tokens and dates go by. What plays is not moved, nor are the devices in pages.
    void advance_clock(std::int64_t ms);
    const AccessToken* find_token(std::string_view token) const;
    // The same, nullptr when it has expired.
    const AccessToken* valid_token(std::string_view token) const;
    // Ends every grant, with its refresh and access tokens.
    void revoke();
    Playlist* find_playlist(const std::string& id);
    // What the token is for; for the app's own grant somebody who has nothing.
    User& user_of(const Grant& grant);
    // Takes devices in pages that have not asked for events for a while.
    void forget_silent_devices();
    // A fresh id of 22 base-62 characters.
    std::string make_id() { return random_.id(); }

    // Before changing a player: keeps what was, for reads that lag behind.
    void touch(User& user);
    // What reads show now.
    const Player& visible(User& user);
    // Wakes whoever waits in changed().
    void wake();
    // Returns at the next wake(), or at `deadline`.
    asio::awaitable<void> changed(std::chrono::steady_clock::time_point deadline);

    asio::any_io_executor executor;
    Options options;
    Catalogue catalogue;
    std::vector<User> users;
    User nobody;
    std::map<std::string, Playlist> playlists;
    std::map<std::string, Code> codes;
    std::map<std::string, AccessToken> tokens;
    std::map<std::string, Grant> refresh_tokens;
    std::vector<Fault> faults;
    std::deque<SeenRequest> requests;
    std::deque<std::int64_t> recent_calls;                             // Web API requests of the last 24 h
    std::map<std::string, std::shared_ptr<const std::string>> covers;  // rendered, by path
    std::int64_t clock_offset{};

private:
    Random random_;
    std::set<asio::steady_timer*> waiters_;
};

}  // namespace cadenza::emulator
