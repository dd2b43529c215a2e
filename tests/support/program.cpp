#include "tests/support/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace cadenza {

Program::Program(const std::vector<std::string>& words) {
    launch([&]() -> int {
        std::vector<char*> argv;
        for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        const std::string path = std::string(std::getenv("PATH")) + ":/usr/sbin";
        ::setenv("PATH", path.c_str(), 1);
        ::execvp(argv[0], argv.data());
        return 127;
    });
}

Program::Program(const std::function<int()>& body) { launch(body); }

void Program::launch(const std::function<int()>& body) {
    int ends[2]{-1, -1};
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    std::fflush(nullptr);  // or the child would write it once more
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        std::_Exit(body());
    }
    ::close(ends[1]);
    output_ = ends[0];
    if (pid_ < 0) throw std::runtime_error("no process");
}

Program::~Program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        if (wait() == -2) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    ::close(output_);
}

void Program::signal(int number) const { ::kill(pid_, number); }

int Program::wait() {
    int status{};
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (::waitpid(pid_, &status, WNOHANG) != pid_) {
        if (std::chrono::steady_clock::now() > patience) return -2;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool Program::ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
}

std::string Program::first_line() const {
    std::string out;
    pollfd entry{.fd = output_, .events = POLLIN, .revents = 0};
    char c{};
    while (::poll(&entry, 1, 10'000) == 1 && ::read(output_, &c, 1) == 1 && c != '\n') out += c;
    return out;
}

}  // namespace cadenza
