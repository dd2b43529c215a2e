#include "server/base/log_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace cadenza::server {
namespace {

using Instant = std::chrono::steady_clock::time_point;

// Signals are for the event loop; and a reader that has gone must not end the process by SIGPIPE.
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

// Shared with the thread, which may outlive the writer when a write does not return.
struct LogWriter::State {
    State(int fd, Options given) : descriptor(fd), options(std::move(given)) {}

    const int descriptor;
    const Options options;
    std::mutex mutex;
    std::condition_variable changed;
    std::string waiting;
    std::uint64_t lost{};
    std::uint64_t told{};  // of the lost
    bool ending{};
    bool ended{};
    Instant end{Instant::max()};

    bool has_time() {
        const std::lock_guard lock(mutex);
        return std::chrono::steady_clock::now() < end;
    }
    // What is to be written next; empty at the end.
    std::string take() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return ending || !waiting.empty(); });
        auto out = std::exchange(waiting, {});
        if (lost > told && options.lost_line) out += options.lost_line(lost - told);
        told = lost;
        return out;
    }
    // False when nobody takes it any more.
    bool put(std::string_view text) {
        while (!text.empty()) {
            // A pipe that is ready takes PIPE_BUF bytes without blocking; the descriptor itself may be shared
            // with others, who would not like it to become non-blocking.
            pollfd ready{descriptor, POLLOUT, 0};
            const int polled = ::poll(&ready, 1, 50);
            if (polled < 0 && errno != EINTR) return false;
            if (polled <= 0) {
                if (!has_time()) return false;
                continue;
            }
            const auto written =
                ::write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
            if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
            if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }
    void run() {
        block_signals();
        for (;;) {
            const auto text = take();
            if (text.empty()) break;
            if (put(text)) continue;
            const std::lock_guard lock(mutex);
            lost += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
            told = lost;  // there is nobody to tell
            if (ending) break;
        }
        const std::lock_guard lock(mutex);
        ended = true;
        changed.notify_all();
    }
};

LogWriter::LogWriter(int descriptor, Options options)
    : state_(std::make_shared<State>(descriptor, std::move(options))) {
    std::thread([state = state_] { state->run(); }).detach();
}

LogWriter::~LogWriter() {
    std::unique_lock lock(state_->mutex);
    state_->ending = true;
    state_->end = std::chrono::steady_clock::now() + state_->options.flush_time;
    state_->changed.notify_all();
    // A little longer: the thread itself looks at the time every now and then.
    state_->changed.wait_until(lock, state_->end + std::chrono::milliseconds(200),
                               [&] { return state_->ended; });
}

void LogWriter::write(std::string_view line) {
    const std::lock_guard lock(state_->mutex);
    auto& waiting = state_->waiting;
    if (waiting.size() + line.size() > state_->options.most_bytes) {
        ++state_->lost;
        return;
    }
    const bool asleep = waiting.empty();
    waiting += line;
    if (asleep) state_->changed.notify_all();
}

std::uint64_t LogWriter::lost() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lost;
}

}  // namespace cadenza::server
