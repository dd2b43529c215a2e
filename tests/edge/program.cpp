#include "tests/edge/program.hpp"

#include "tests/http/live_server.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cadenza {

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cadenza-edge-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
}

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
    if (!http::wait_until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; })) return -2;
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

std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool found = ::bind(probe, generic, size) == 0 && ::getsockname(probe, generic, &size) == 0;
    ::close(probe);
    if (!found) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

}  // namespace cadenza
