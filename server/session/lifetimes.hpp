#pragma once

// How long sessions live. The clock is the caller's.

#include "server/session/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cadenza::server {

// A sealed session that stands in for one in Redis should not stand in for long: it cannot be ended
// elsewhere.
constexpr std::chrono::milliseconds longest_stand_in = std::chrono::hours(24);

struct Lifetimes {
    std::chrono::milliseconds idle{std::chrono::hours(14 * 24)};
    std::chrono::milliseconds absolute{std::chrono::hours(180 * 24)};

    // What is left of an unused session; not above 0: it is over.
    std::chrono::milliseconds left(const Session& session, std::int64_t now) const {
        return std::min(idle - std::chrono::milliseconds(now - session.last_used),
                        absolute - std::chrono::milliseconds(now - session.created_at));
    }
    bool over(const Session& session, std::int64_t now) const { return left(session, now).count() <= 0; }
    // Whether it was written down long enough ago that it was used: at most every `interval`, but often
    // enough that a session in use never ends for being idle.
    bool worth_noting(const Session& session, std::int64_t now, std::chrono::milliseconds interval) const {
        return now - session.last_used >= std::min(interval, idle / 4).count();
    }
};

}  // namespace cadenza::server
