#pragma once

#include "server/base/deadline.hpp"
#include "server/spotify/cool_down.hpp"
#include "server/spotify/ledger.hpp"

#include <optional>

namespace cadenza::server {

// What replicas share about Spotify's limits, and what outlives a restart. Errors: storage_failed, timed_out.
class LimitStore {
public:
    virtual ~LimitStore() = default;

    // Adds to a bucket of the ledger. When the answer is lost it may have been added all the same.
    virtual asio::awaitable<Status> add(Ledger::Share share, Deadline deadline) = 0;
    // What all replicas counted in a bucket.
    virtual asio::awaitable<Result<LedgerCounts>> read(Ledger::Bucket bucket, Deadline deadline) = 0;

    // The cool-down that holds or held; nullopt when none is known.
    virtual asio::awaitable<Result<std::optional<CoolDown>>> cool_down(Deadline deadline) = 0;
    // Of two the later stays.
    virtual asio::awaitable<Status> cool_down_until(CoolDown cooling, std::int64_t now,
                                                    Deadline deadline) = 0;
};

}  // namespace cadenza::server
