#include "server/spotify/ledger.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace cadenza::server {

std::int64_t LedgerCounts::total() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::int64_t LedgerCounts::of(Priority priority) const noexcept {
    const auto* first = counts_.data() + index({priority, EndpointGroup{}});
    return std::accumulate(first, first + endpoint_groups, std::int64_t{0});
}

void LedgerCounts::raise_to(const LedgerCounts& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] = std::max(counts_[i], other.counts_[i]);
}

void LedgerCounts::add(const LedgerCounts& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

void Ledger::prune(std::int64_t now) {
    std::erase_if(buckets_, [&](const auto& entry) { return !in_window(entry.first, now); });
}

void Ledger::count(LedgerCell cell, std::int64_t now) {
    prune(now);
    ++buckets_[bucket_of(now)].unshared.at(cell);
}

LedgerCounts Ledger::used(std::int64_t now) const {
    LedgerCounts out;
    for (const auto& [bucket, counts] : buckets_) {
        if (!in_window(bucket, now)) continue;
        out.add(counts.shared);
        out.add(counts.unshared);
    }
    return out;
}

std::int64_t Ledger::most(Priority priority) const noexcept {
    if (budget_ == 0 || priority == Priority::interactive) return std::numeric_limits<std::int64_t>::max();
    return budget_ * (priority == Priority::sync ? 90 : 80) / 100;
}

bool Ledger::allows(Priority priority, std::int64_t now) const { return used(now).total() < most(priority); }

std::optional<std::int64_t> Ledger::allowed_at(Priority priority, std::int64_t now) const {
    auto total = used(now).total();
    if (total < most(priority)) return std::nullopt;
    for (const auto& [bucket, counts] : buckets_) {
        if (!in_window(bucket, now)) continue;
        total -= counts.shared.total() + counts.unshared.total();
        if (total < most(priority)) return (bucket + 1) * bucket_ms + window_ms;
    }
    return now + window_ms;  // a budget so small that it allows none
}

std::optional<std::int64_t> Ledger::next_free_at(std::int64_t now) const {
    for (const auto& [bucket, counts] : buckets_)
        if (in_window(bucket, now) && counts.shared.total() + counts.unshared.total() > 0)
            return (bucket + 1) * bucket_ms + window_ms;
    return std::nullopt;
}

std::optional<Ledger::Share> Ledger::to_share() const {
    for (const auto& [bucket, counts] : buckets_)
        for (std::size_t priority = 0; priority < priorities; ++priority)
            for (std::size_t group = 0; group < endpoint_groups; ++group) {
                const LedgerCell cell{static_cast<Priority>(priority), static_cast<EndpointGroup>(group)};
                if (const auto count = counts.unshared.at(cell); count > 0) return Share{bucket, cell, count};
            }
    return std::nullopt;
}

void Ledger::was_shared(const Share& share) {
    const auto found = buckets_.find(share.bucket);
    if (found == buckets_.end()) return;
    found->second.unshared.at(share.cell) -= share.count;
    found->second.shared.at(share.cell) += share.count;
}

void Ledger::learn(Bucket bucket, const LedgerCounts& all, std::int64_t now) {
    if (in_window(bucket, now) && all.total() > 0) buckets_[bucket].shared.raise_to(all);
}

}  // namespace cadenza::server
