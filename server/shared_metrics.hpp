#pragma once

// The metrics of several workers as one, in memory that they share with their supervisor. Each worker keeps
// its latest snapshot there, which its successor begins with: a counter does not go back when a worker ends.

#include "server/base/metrics_snapshot.hpp"

#include <cstddef>
#include <memory>
#include <sys/types.h>

namespace cadenza::server {

class SharedMetrics {
public:
    // A snapshot's greatest length, serialized. Memory that is not written to costs nothing.
    static constexpr std::size_t most_bytes = 1UL << 20;

    // For `workers` processes that are yet to be forked. Throws std::bad_alloc.
    explicit SharedMetrics(std::size_t workers);

    // The supervisor's word on the worker of a number, from 0.
    void started(std::size_t number, pid_t pid);
    void ended(std::size_t number);

    // All of them together: gauges of those that run, counters and histograms of all there have been, and how
    // many run and had to be replaced.
    MetricsSnapshot sum() const;

private:
    friend class MetricsShare;
    struct Slot;
    struct Unmap {
        std::size_t size;
        void operator()(Slot* slots) const;
    };

    std::size_t count_;
    std::unique_ptr<Slot[], Unmap> slots_;
};

// One worker's part of them. For its process alone.
class MetricsShare {
public:
    // In the worker; it begins with what its predecessors have counted. `metrics` must outlive it.
    MetricsShare(SharedMetrics& metrics, std::size_t number);

    // Puts its snapshot in the place of the last. False: too long, and the last one stays.
    bool publish(const MetricsSnapshot& own);
    MetricsSnapshot sum() const { return metrics_->sum(); }

private:
    SharedMetrics* metrics_;
    std::size_t number_;
    MetricsSnapshot before_;  // of its predecessors
};

}  // namespace cadenza::server
