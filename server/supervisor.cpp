#include "server/supervisor.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;
using Instant = std::chrono::steady_clock::time_point;

constexpr auto early = 10s;  // a worker that ends sooner may do so again at once

struct Worker {
    explicit Worker(http::ListeningSocket listening) : socket(std::move(listening)) {}

    http::ListeningSocket socket;
    pid_t pid{-1};  // -1: none runs
    Instant began;
    Instant restart_at;
    int early_ends{};
};

// Signals wait to be asked for while this lives.
class HeldSignals {
public:
    HeldSignals() {
        sigemptyset(&held_);
        for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&held_, number);
        std::signal(SIGCHLD, SIG_DFL);  // ignored, as a parent may have left it, would reap behind our back
        pthread_sigmask(SIG_BLOCK, &held_, &before_);
    }
    ~HeldSignals() { restore(); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    void restore() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    // The next one, or 0 when there was none until then.
    int next(Instant until) const {
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::max(until - std::chrono::steady_clock::now(), Instant::duration::zero()));
        const timespec time{.tv_sec = static_cast<std::time_t>(left / 1s),
                            .tv_nsec = static_cast<long>((left % 1s).count())};
        return std::max(sigtimedwait(&held_, nullptr, &time), 0);
    }

private:
    sigset_t held_{};
    sigset_t before_{};
};

class Supervisor {
public:
    Supervisor(std::vector<http::ListeningSocket> sockets, const Supervision& supervision, const Log& log)
        : supervision_(supervision), log_(log) {
        for (auto& socket : sockets) workers_.emplace_back(std::move(socket));
    }

    int run() {
        if (start_all()) {
            supervision_.ready();
        } else {
            code_ = 1;
            stop();
        }
        while (!stopping_ || is_any_running()) {
            handle(signals_.next(next_deadline()));
            if (stopping_ && std::chrono::steady_clock::now() >= kill_at_) kill_all();
            if (!stopping_) restart_due();
        }
        return code_;
    }

private:
    // Waits until each says that it serves, or has ended.
    bool start_all() {
        std::vector<int> pipes;
        for (auto& worker : workers_) {
            int ends[2]{-1, -1};
            if (::pipe(ends) != 0) return false;
            start(worker, ends[1]);
            ::close(ends[1]);
            pipes.push_back(ends[0]);
        }
        bool all = true;
        for (const int pipe : pipes) {
            char byte{};
            ssize_t size{};
            do size = ::read(pipe, &byte, 1);
            while (size < 0 && errno == EINTR);
            all = all && size == 1;
            ::close(pipe);
        }
        return all;
    }

    // `report` is told by one byte that the worker serves; -1: nobody asks.
    void start(Worker& worker, int report) {
        const auto supervisor = ::getpid();
        worker.began = std::chrono::steady_clock::now();
        worker.pid = ::fork();
        if (worker.pid == 0) become(worker, report, supervisor);
        if (worker.pid > 0)
            log_.info("worker_started", {{"pid", worker.pid}});
        else
            plan_restart(worker);
    }

    [[noreturn]] void become(Worker& worker, int report, pid_t supervisor) {
        std::signal(SIGHUP, SIG_IGN);  // until it listens for it
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != supervisor) std::_Exit(1);
        for (auto& other : workers_)
            if (&other != &worker) other.socket.close();
        signals_.restore();
        int code = 1;
        try {
            code = supervision_.work(std::move(worker.socket), [report] {
                if (report >= 0 && ::write(report, "1", 1) != 1) std::_Exit(1);
                if (report >= 0) ::close(report);
            });
        } catch (const std::exception& bug) {
            log_.error("bug", {{"what", bug.what()}});
        }
        std::_Exit(code);
    }

    void handle(int number) {
        switch (number) {
            case SIGCHLD: reap(); break;
            case SIGHUP: tell_all(SIGHUP); break;
            case SIGINT:
            case SIGTERM: stopping_ ? kill_all() : stop(); break;
            default: break;
        }
    }

    void stop() {
        stopping_ = true;
        kill_at_ = std::chrono::steady_clock::now() + supervision_.patience;
        tell_all(SIGTERM);
        // The workers close theirs once they take no more; ours must not hold the port open after that.
        for (auto& worker : workers_) worker.socket.close();
    }

    void kill_all() {
        code_ = 1;
        kill_at_ = Instant::max();
        tell_all(SIGKILL);
    }

    void tell_all(int number) const {
        for (const auto& worker : workers_)
            if (worker.pid > 0) ::kill(worker.pid, number);
    }

    void reap() {
        int status{};
        for (pid_t pid{}; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            const auto found = std::find_if(workers_.begin(), workers_.end(),
                                            [&](const Worker& worker) { return worker.pid == pid; });
            if (found == workers_.end()) continue;
            found->pid = -1;
            if (stopping_) continue;
            log_.error("worker_ended", {{"pid", pid},
                                        {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0},
                                        {"code", WIFEXITED(status) ? WEXITSTATUS(status) : 0}});
            plan_restart(*found);
        }
    }

    static void plan_restart(Worker& worker) {
        const auto now = std::chrono::steady_clock::now();
        worker.early_ends = now - worker.began < early ? worker.early_ends + 1 : 0;
        worker.restart_at = now + restart_delay(worker.early_ends);
    }

    void restart_due() {
        const auto now = std::chrono::steady_clock::now();
        for (auto& worker : workers_)
            if (worker.pid < 0 && worker.restart_at <= now) start(worker, -1);
    }

    bool is_any_running() const {
        return std::any_of(workers_.begin(), workers_.end(),
                           [](const Worker& worker) { return worker.pid > 0; });
    }

    Instant next_deadline() const {
        auto out = std::chrono::steady_clock::now() + 1h;
        if (stopping_) return std::min(out, kill_at_);
        for (const auto& worker : workers_)
            if (worker.pid < 0) out = std::min(out, worker.restart_at);
        return out;
    }

    const Supervision& supervision_;
    const Log& log_;
    HeldSignals signals_;
    std::vector<Worker> workers_;
    bool stopping_{};
    Instant kill_at_{Instant::max()};
    int code_{};
};

}  // namespace

int supervise(std::vector<http::ListeningSocket> sockets, const Supervision& supervision, const Log& log) {
    return Supervisor(std::move(sockets), supervision, log).run();
}

std::chrono::milliseconds restart_delay(int early_ends) {
    if (early_ends <= 0) return 0ms;
    return std::min(100ms * (1 << std::min(early_ends - 1, 10)), 5'000ms);
}

}  // namespace cadenza::server
