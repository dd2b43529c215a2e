#pragma once

// Where log lines go: to a file descriptor, by a thread of its own. Whoever reads may be slow or not read at
// all; then lines are lost and counted, and nobody waits.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cadenza::server {

class LogWriter {
public:
    struct Options {
        std::size_t most_bytes{1UL << 20};            // waiting to be written
        std::chrono::milliseconds flush_time{1'000};  // at the end
        // The line that tells how many were lost; written when there is room again. None: it is not told.
        std::function<std::string(std::uint64_t lost)> lost_line;
    };

    // `descriptor` stays the caller's, and open.
    LogWriter(int descriptor, Options options);
    // Writes what waits, for `flush_time` at most.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    // From any thread; returns at once.
    void write(std::string_view line);
    // How many lines were lost since the start.
    std::uint64_t lost() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace cadenza::server
