#pragma once

#include "server/spotify/shared_body.hpp"
#include "server/spotify/upstream.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cadenza::server {

// Which version of a playlist an account saw last. A playlist's items are good as long as its snapshot is the
// same, so whoever looked at a playlist a moment ago gets pages of its items without asking Spotify.
class Snapshots {
public:
    // A snapshot seen longer ago than this is no longer believed.
    static constexpr std::int64_t believed_ms = 5 * 60'000;

    // `body` is the answer to a read of `row`, of which playlists and lists of playlists tell something. It
    // is looked into when somebody asks: lists are long, and of most nobody does.
    void learn(const Upstream& row, const std::string& account, SharedBody body, std::int64_t now);
    // Of the playlist that `target` is about: "/playlists/{id}/items?offset=0".
    std::optional<std::string> find(const std::string& account, std::string_view target, std::int64_t now);
    void forget(const std::string& account);
    std::size_t size() const noexcept { return seen_.size() + unread_.size(); }

private:
    static constexpr std::size_t most = 20'000;
    struct Seen {
        std::string snapshot;
        std::int64_t at{};
    };
    static constexpr std::size_t most_unread = 64;
    static constexpr std::size_t most_unread_bytes = 256UL * 1024;  // of one
    struct Unread {
        std::string account;
        bool is_list{};
        SharedBody body;
        std::int64_t at{};
    };
    using Playlist = std::pair<std::string, std::string>;  // account and id
    void read_all_of(const std::string& account, std::int64_t now);
    void read(const Unread& unread);
    void forget_seen(const std::string& account);
    void put(Playlist playlist, std::string snapshot, std::int64_t now);

    std::map<Playlist, Seen> seen_;
    std::deque<Unread> unread_;  // the oldest first
};

}  // namespace cadenza::server
