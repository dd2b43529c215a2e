#include "server/supervisor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
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

// SIGTERM and SIGINT, which are held, as something to poll.
class StopSignals {
public:
    StopSignals() {
        sigset_t stops{};
        sigemptyset(&stops);
        for (const int number : {SIGTERM, SIGINT}) sigaddset(&stops, number);
        descriptor_ = ::signalfd(-1, &stops, SFD_CLOEXEC);
    }
    ~StopSignals() { ::close(descriptor_); }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    int descriptor() const noexcept { return descriptor_; }
    // Once there is one: it is dealt with.
    void take() const {
        signalfd_siginfo taken{};
        [[maybe_unused]] const auto size = ::read(descriptor_, &taken, sizeof(taken));
    }

private:
    int descriptor_{-1};
};

enum class Start { serves, ended, too_late, told_to_stop };

// Waits until a worker says by its pipe that it serves.
Start await_start(int report, const StopSignals& stops, Instant until) {
    std::array<pollfd, 2> entries{{{.fd = stops.descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = report, .events = POLLIN, .revents = 0}}};
    int ready{};
    do {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        ready = ::poll(entries.data(), entries.size(), static_cast<int>(std::max(left, 0ms).count()));
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) return Start::too_late;
    if (entries[0].revents != 0) {
        stops.take();
        return Start::told_to_stop;
    }
    char byte{};
    return ::read(report, &byte, 1) == 1 ? Start::serves : Start::ended;
}

class Supervisor {
public:
    Supervisor(std::vector<http::ListeningSocket> sockets, const Supervision& supervision, const Log& log)
        : supervision_(supervision), log_(log) {
        for (auto& socket : sockets) workers_.emplace_back(std::move(socket));
    }

    int run() {
        const auto started = start_all();
        if (started == Start::serves) {
            supervision_.ready();
            supervision_.manager.ready();
        } else {
            code_ = started == Start::told_to_stop ? 0 : 1;
            stop();
        }
        while (!stopping_ || is_any_running()) {
            keep_alive();
            handle(signals_.next(next_deadline()));
            if (stopping_ && std::chrono::steady_clock::now() >= kill_at_) kill_all();
            if (!stopping_) restart_due();
        }
        return code_;
    }

private:
    // Waits until each says that it serves, or has ended; no longer when it is too late or told to stop.
    Start start_all() {
        std::vector<int> pipes;
        for (auto& worker : workers_) {
            int ends[2]{-1, -1};
            if (::pipe(ends) != 0) return Start::ended;
            start(worker, ends[1]);
            ::close(ends[1]);
            pipes.push_back(ends[0]);
        }
        const StopSignals stops;
        const auto until = std::chrono::steady_clock::now() + supervision_.start_patience;
        auto out = Start::serves;
        for (std::size_t i = 0; i < pipes.size(); ++i) {
            const bool go_on = out == Start::serves || out == Start::ended;
            const auto one = go_on ? await_start(pipes[i], stops, until) : Start::serves;
            if (one != Start::serves) out = one;
            if (one == Start::too_late) log_.error("worker_not_started", {{"pid", workers_[i].pid}});
            ::close(pipes[i]);
        }
        return out;
    }

    // `report` is told by one byte that the worker serves; -1: nobody asks.
    void start(Worker& worker, int report) {
        const auto supervisor = ::getpid();
        worker.began = std::chrono::steady_clock::now();
        worker.pid = ::fork();
        if (worker.pid == 0) become(worker, report, supervisor);
        if (worker.pid < 0) {
            plan_restart(worker);
            return;
        }
        supervision_.on_start(number_of(worker), worker.pid);
        log_.info("worker_started", {{"pid", worker.pid}});
    }

    std::size_t number_of(const Worker& worker) const {
        return static_cast<std::size_t>(&worker - workers_.data());
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
            code = supervision_.work(number_of(worker), std::move(worker.socket), [report] {
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
            case SIGHUP:
                supervision_.manager.reloading();
                tell_all(SIGHUP);
                supervision_.manager.ready();
                break;
            case SIGINT:
            case SIGTERM: stopping_ ? kill_all() : stop(); break;
            default: break;
        }
    }

    void stop() {
        stopping_ = true;
        supervision_.manager.stopping();
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
            supervision_.on_end(number_of(*found));
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

    void keep_alive() {
        const auto now = std::chrono::steady_clock::now();
        const auto interval = supervision_.manager.interval();
        if (!interval || now < alive_at_) return;
        supervision_.manager.alive();
        alive_at_ = now + *interval;
    }

    Instant next_deadline() const {
        auto out = std::chrono::steady_clock::now() + 1h;
        if (supervision_.manager.interval()) out = std::min(out, alive_at_);
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
    Instant alive_at_;  // when the manager is told again
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
