#pragma once

// Several worker processes behind one port. The supervisor itself serves nothing: it forks a worker for each
// listening socket, starts another when one ends, and passes signals on. It keeps every socket open, so that
// what connects while a worker is missing waits in that worker's queue for the next one.

#include "server/base/notify.hpp"
#include "server/http/listening.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <sys/types.h>
#include <vector>

namespace cadenza::server {

// A worker's whole life, in a process of its own; gives its exit code. `number` counts from 0, and stays its
// successor's. `started` is called once it serves.
using WorkerMain = std::function<int(std::size_t number, http::ListeningSocket socket,
                                     const std::function<void()>& started)>;

struct Supervision {
    WorkerMain work;
    // Called once, when every worker serves.
    std::function<void()> ready;
    // Hears that all of them serve, that they end, and that the supervisor itself lives.
    const Notifier& manager;
    // Called in the supervisor, whenever a worker was forked and when it has ended.
    std::function<void(std::size_t number, pid_t pid)> on_start = [](std::size_t, pid_t) {};
    std::function<void(std::size_t number)> on_end = [](std::size_t) {};
    // After which a worker that was told to end is killed.
    std::chrono::milliseconds patience{};
    // After which workers that do not serve yet, at the first start, are told to end.
    std::chrono::milliseconds start_patience{30'000};
};

// Before any thread or event loop: it forks. Ends on SIGTERM or SIGINT, when every worker has ended by
// itself; a second one kills them. SIGHUP goes to every worker. Gives the exit code: 0, or 1 when a worker
// could not start or had to be killed.
int supervise(std::vector<http::ListeningSocket> sockets, const Supervision& supervision, const Log& log);

// How long to wait before a worker is started again that has ended early so many times in a row.
std::chrono::milliseconds restart_delay(int early_ends);

}  // namespace cadenza::server
