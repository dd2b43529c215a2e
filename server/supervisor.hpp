#pragma once

// Several worker processes behind one port. The supervisor itself serves nothing: it forks a worker for each
// listening socket, starts another when one ends, and passes signals on. It keeps every socket open, so that
// what connects while a worker is missing waits in that worker's queue for the next one.

#include "server/base/log.hpp"
#include "server/http/listening.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace cadenza::server {

// A worker's whole life, in a process of its own; gives its exit code. `started` is called once it serves.
using WorkerMain = std::function<int(http::ListeningSocket socket, const std::function<void()>& started)>;

struct Supervision {
    WorkerMain work;
    // Called once, when every worker serves.
    std::function<void()> ready;
    // After which a worker that was told to end is killed.
    std::chrono::milliseconds patience{};
};

// Before any thread or event loop: it forks. Ends on SIGTERM or SIGINT, when every worker has ended by
// itself; a second one kills them. SIGHUP goes to every worker. Gives the exit code: 0, or 1 when a worker
// could not start or had to be killed.
int supervise(std::vector<http::ListeningSocket> sockets, const Supervision& supervision, const Log& log);

// How long to wait before a worker is started again that has ended early so many times in a row.
std::chrono::milliseconds restart_delay(int early_ends);

}  // namespace cadenza::server
