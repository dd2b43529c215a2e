#pragma once

// Tells the service manager how this process is, as sd_notify(3) describes it: datagrams to the socket named
// by NOTIFY_SOCKET. Without a libsystemd, and without anybody who listens nothing is sent.

#include "server/base/log.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

class Notifier {
public:
    // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. `log` must outlive it.
    Notifier(const std::function<std::optional<std::string>(const std::string&)>& environment,
             const Log& log);
    // Tells nobody: a worker's, for whom its supervisor speaks.
    explicit Notifier(const Log& log) : log_(log) {}

    void ready() const { send("READY=1"); }
    // Followed by ready() when that is done.
    void reloading() const;
    void stopping() const { send("STOPPING=1"); }
    void alive() const { send("WATCHDOG=1"); }

    // How often to call alive(), half of the time after which the manager loses patience; nullopt: never.
    std::optional<std::chrono::microseconds> interval() const noexcept { return interval_; }

private:
    void send(std::string_view state) const;

    const Log& log_;
    std::string socket_;  // "/path" or "@abstract"; empty: nobody listens
    std::optional<std::chrono::microseconds> interval_;
};

}  // namespace cadenza::server
