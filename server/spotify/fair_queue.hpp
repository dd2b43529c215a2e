#pragma once

// Whose request goes to Spotify next, when not all can at once: the most urgent first, accounts in turn, each
// account's own in the order they came. No account has more than its share under way or waiting, and what is
// not urgent never takes the last places. Decides only; turns.hpp does the waiting.

#include "server/spotify/priority.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace cadenza::server {

class FairQueue {
public:
    struct Limits {
        std::size_t running{8};
        std::size_t running_per_account{3};
        std::size_t kept_for_interactive{2};  // of `running`
        std::size_t waiting{256};
        std::size_t waiting_per_account{64};
    };
    using Id = std::uint64_t;
    enum class Place {
        runs,
        waits,
        full,  // not taken: too many of this account's wait, or of everybody's
    };
    struct Entered {
        Place place{};
        Id id{};
    };

    explicit FairQueue(Limits limits) noexcept : limits_(limits) {}

    Entered enter(const std::string& account, Priority priority);
    // It ended, or waits no longer. Those that may run now.
    std::vector<Id> leave(Id id);

    std::size_t running() const noexcept { return running_; }
    std::size_t waiting() const noexcept { return entries_.size() - running_; }

private:
    struct Entry {
        std::string account;
        Priority priority{};
        bool runs{};
    };
    struct Account {
        std::size_t running{};
        std::array<std::deque<Id>, priorities> waiting;
        std::uint64_t served{};  // when it last had a turn

        std::size_t all_waiting() const noexcept;
    };
    using Accounts = std::map<std::string, Account>;

    bool has_room(Priority priority) const noexcept;
    Accounts::iterator next_of(Priority priority);
    void run(Accounts::iterator account, Entry& entry);

    Limits limits_;
    std::size_t running_{};
    std::uint64_t turns_{};
    Id last_{};
    std::map<Id, Entry> entries_;
    Accounts accounts_;  // those with something under way or waiting
};

}  // namespace cadenza::server
