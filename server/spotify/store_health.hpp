#pragma once

// How a store that several processes share is taken when it is out: nobody waits long for it, it is left
// alone for a moment after it failed, and the log has it once.

#include "server/base/deadline.hpp"

#include <chrono>
#include <utility>

namespace cadenza::server {

class StoreHealth {
public:
    static constexpr std::chrono::milliseconds command_time{250};
    static constexpr std::chrono::milliseconds rest{1'000};

    static Deadline soon() { return std::chrono::steady_clock::now() + command_time; }

    bool rests() const { return std::chrono::steady_clock::now() < rests_until_; }
    // Whether that is news, for the log.
    bool heard(bool ok) {
        rests_until_ = ok ? Deadline{} : std::chrono::steady_clock::now() + rest;
        return std::exchange(answers_, ok) != ok;
    }

private:
    bool answers_{true};
    Deadline rests_until_{};
};

}  // namespace cadenza::server
