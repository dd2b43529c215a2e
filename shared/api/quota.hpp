#pragma once

#include "shared/base/bounded.hpp"

#include <boost/describe/class.hpp>

#include <optional>

namespace cadenza {

struct QuotaUse {
    Count interactive;
    Count sync;
    Count prefetch;

    bool operator==(const QuotaUse&) const = default;
};
BOOST_DESCRIBE_STRUCT(QuotaUse, (), (interactive, sync, prefetch))

// GET /api/quota: the requests to Spotify of the last `window_s` seconds, of all users and replicas.
struct Quota {
    Count used;
    Count budget;  // 0: not rationed
    Count window_s;
    QuotaUse by_priority;
    std::optional<Millis> next_free_at;           // when the oldest of them count no longer, since 1970
    std::optional<Millis> cool_down_until;        // Spotify wants no request before, since 1970
    std::optional<Millis> sync_paused_until;      // background updates are refused before
    std::optional<Millis> prefetch_paused_until;  // so is looking ahead

    bool operator==(const Quota&) const = default;
};
BOOST_DESCRIBE_STRUCT(Quota, (),
                      (used, budget, window_s, by_priority, next_free_at, cool_down_until, sync_paused_until,
                       prefetch_paused_until))

}  // namespace cadenza
