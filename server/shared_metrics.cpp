#include "server/shared_metrics.hpp"

#include "server/base/metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>

namespace cadenza::server {
namespace {

struct Copy {
    pid_t writer;
    std::size_t size;
    std::array<char, SharedMetrics::most_bytes> text;
};

struct Read {
    pid_t writer{};
    MetricsSnapshot snapshot;
};

}  // namespace

// One worker writes, anybody reads, and neither waits: the next snapshot goes where the one before last is,
// and counts once the version has moved on. A worker killed while it writes leaves the last one as it was.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): to write the copies would take their memory
struct SharedMetrics::Slot {
    // How often something was published; its parity is the copy that counts.
    std::atomic<std::uint64_t> version;
    std::atomic<std::uint64_t> starts;
    std::atomic<pid_t> running;  // 0: none
    std::array<Copy, 2> copies;

    bool write(std::string_view text) {
        if (text.size() > most_bytes) return false;
        const auto next = version.load(std::memory_order_relaxed) + 1;
        std::atomic_thread_fence(
            std::memory_order_release);  // whoever sees what follows sees the version before
        auto& copy = copies[next % 2];
        copy.writer = ::getpid();
        copy.size = text.size();
        std::memcpy(copy.text.data(), text.data(), text.size());
        version.store(next, std::memory_order_release);
        return true;
    }

    Read read() const {
        for (;;) {  // once more if two were published meanwhile, which takes far longer than this
            const auto seen = version.load(std::memory_order_acquire);
            if (seen == 0) return {};
            const auto& copy = copies[seen % 2];
            const auto writer = copy.writer;
            const std::string text(copy.text.data(), std::min(copy.size, most_bytes));
            std::atomic_thread_fence(std::memory_order_acquire);
            if (version.load(std::memory_order_relaxed) == seen)
                return {writer, parse_snapshot(text).value_or(MetricsSnapshot{})};
        }
    }
};

// Between processes there is no lock that an atomic could fall back on.
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free);

void SharedMetrics::Unmap::operator()(Slot* slots) const { ::munmap(slots, size); }

SharedMetrics::SharedMetrics(std::size_t workers)
    : count_(workers), slots_(nullptr, Unmap{workers * sizeof(Slot)}) {
    void* const memory = ::mmap(nullptr, workers * sizeof(Slot), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    slots_.reset(static_cast<Slot*>(memory));
    std::uninitialized_default_construct_n(slots_.get(), workers);
}

void SharedMetrics::started(std::size_t number, pid_t pid) {
    ++slots_[number].starts;
    slots_[number].running = pid;
}

void SharedMetrics::ended(std::size_t number) { slots_[number].running = 0; }

MetricsSnapshot SharedMetrics::sum() const {
    MetricsSnapshot out;
    Metrics registry;
    auto workers = registry.gauge({"cadenza_workers", "Worker processes that run."}, Merge::sum);
    auto restarts =
        registry.counter({"cadenza_worker_restarts_total",
                          "Worker processes that were started in the place of one that had ended."});
    workers.set(0);
    restarts.add({}, 0);
    for (std::size_t i = 0; i < count_; ++i) {
        const auto& slot = slots_[i];
        const pid_t running = slot.running;
        if (running != 0) workers.add(1);
        if (const std::uint64_t starts = slot.starts; starts > 1)
            restarts.add({}, static_cast<double>(starts - 1));
        auto [writer, snapshot] = slot.read();
        merge(out, writer == running ? snapshot : without_gauges(std::move(snapshot)));
    }
    merge(out, registry.snapshot());
    return out;
}

MetricsShare::MetricsShare(SharedMetrics& metrics, std::size_t number)
    : metrics_(&metrics), number_(number), before_(without_gauges(metrics.slots_[number].read().snapshot)) {}

bool MetricsShare::publish(const MetricsSnapshot& own) {
    auto all = own;
    merge(all, before_);
    return metrics_->slots_[number_].write(serialize(all));
}

}  // namespace cadenza::server
