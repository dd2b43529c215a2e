#pragma once

// Answers of Spotify's, for a time. Its terms allow to cache metadata temporarily, not to keep it: nothing
// stays longer than `longest_kept_ms`, and nothing is written anywhere but memory.

#include "server/spotify/shared_body.hpp"
#include "server/spotify/upstream.hpp"

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>

namespace cadenza::server {

inline constexpr std::int64_t longest_kept_ms = 24LL * 3'600'000;

// For how long answers of a kind are good; 0: not kept at all.
constexpr std::int64_t kept_ms(Kept kept) noexcept {
    switch (kept) {
        case Kept::never: return 0;
        case Kept::catalogue: return 6LL * 3'600'000;  // names and covers change seldom
        case Kept::library: return 60'000;             // other apps change it, too
        case Kept::playlist:                           // tells the snapshot the items go by
        case Kept::playlist_items: return 30'000;      // until that snapshot is known
        case Kept::search: return 120'000;             // as Spotify's own Cache-Control says
        case Kept::recent: return 15'000;              // grows with every track
        case Kept::top: return 3'600'000;              // computed about once a day
    }
    return 0;
}

class ResponseCache {
public:
    struct Key {
        std::string account;  // empty: everybody's
        Kept kept{};
        std::string target;
        auto operator<=>(const Key&) const = default;
    };

    // `most_bytes` of keys and bodies together; the least recently used leave first.
    explicit ResponseCache(std::size_t most_bytes) noexcept : most_bytes_(most_bytes) {}

    // nullptr: there is none.
    SharedBody find(const Key& key, std::int64_t now);
    // Only what looks like a whole JSON document is kept: an error page with status 200 is not to stay.
    void put(Key key, SharedBody body, std::int64_t until, std::int64_t now);
    void forget(const std::string& account, Kept kept);
    void forget(const std::string& account);

    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Entry {
        SharedBody body;
        std::int64_t until{};
        std::list<const Key*>::iterator use;
    };
    using Entries = std::map<Key, Entry>;

    static std::size_t cost(const Key& key, const Entry& entry) noexcept;
    Entries::iterator drop(Entries::iterator entry);
    void drop_old(std::int64_t now);

    std::size_t most_bytes_;
    std::size_t bytes_{};
    std::int64_t looked_at_{};
    Entries entries_;
    std::list<const Key*> uses_;  // the least recent first
};

}  // namespace cadenza::server
