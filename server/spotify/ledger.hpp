#pragma once

// How many requests went to Spotify in the last 24 hours. Spotify counts in the same way, for all of a
// developer's apps, and does not say how many are left: about 1,000 is what was seen.

#include "server/spotify/priority.hpp"
#include "server/spotify/upstream.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace cadenza::server {

struct LedgerCell {
    Priority priority{};
    EndpointGroup group{};
};

// Requests by priority and endpoint group.
class LedgerCounts {
public:
    std::int64_t& at(LedgerCell cell) noexcept { return counts_[index(cell)]; }
    std::int64_t at(LedgerCell cell) const noexcept { return counts_[index(cell)]; }
    std::int64_t total() const noexcept;
    std::int64_t of(Priority priority) const noexcept;
    // Nowhere less than `other`.
    void raise_to(const LedgerCounts& other) noexcept;
    void add(const LedgerCounts& other) noexcept;
    bool operator==(const LedgerCounts&) const = default;

private:
    static std::size_t index(LedgerCell cell) noexcept {
        return static_cast<std::size_t>(cell.priority) * endpoint_groups +
               static_cast<std::size_t>(cell.group);
    }
    std::array<std::int64_t, priorities * endpoint_groups> counts_{};
};

// Times are ms since 1970. Memory is bounded: one bucket a quarter of an hour.
class Ledger {
public:
    static constexpr std::int64_t window_ms = 24 * 3'600'000;
    static constexpr std::int64_t bucket_ms = 15 * 60'000;

    // `budget` requests in 24 hours; 0: not rationed.
    explicit Ledger(std::int64_t budget) noexcept : budget_(budget) {}

    void count(LedgerCell cell, std::int64_t now);
    LedgerCounts used(std::int64_t now) const;
    std::int64_t budget() const noexcept { return budget_; }

    // Whether one more may go out: prefetch below 80 % of the budget, sync below 90 %, interactive always.
    bool allows(Priority priority, std::int64_t now) const;
    // When allows() will be true if nothing else is asked; nullopt when it is now.
    std::optional<std::int64_t> allowed_at(Priority priority, std::int64_t now) const;
    // When the oldest requests leave the window; nullopt when there are none.
    std::optional<std::int64_t> next_free_at(std::int64_t now) const;

    // ---- with replicas: each adds what it counted to what all share, bucket by bucket
    using Bucket = std::int64_t;  // its number since 1970
    struct Share {
        Bucket bucket{};
        LedgerCell cell;
        std::int64_t count{};
    };
    static Bucket bucket_of(std::int64_t now) noexcept { return now / bucket_ms; }
    static constexpr Bucket buckets_in_window = window_ms / bucket_ms;
    // Something counted here that was not shared yet. It goes on counting here until one of the next two is
    // called with it.
    std::optional<Share> to_share() const;
    void was_shared(const Share& share);
    // What all replicas together have in a bucket. It never goes down: a store that lost its data does not
    // make requests undone.
    void learn(Bucket bucket, const LedgerCounts& all, std::int64_t now);

private:
    struct Counts {
        LedgerCounts shared;    // everybody's, as far as known, with what was shared from here
        LedgerCounts unshared;  // counted here since
    };
    std::int64_t most(Priority priority) const noexcept;
    void prune(std::int64_t now);
    bool in_window(Bucket bucket, std::int64_t now) const noexcept {
        return (bucket + 1) * bucket_ms + window_ms > now;
    }

    std::int64_t budget_;
    std::map<Bucket, Counts> buckets_;
};

}  // namespace cadenza::server
