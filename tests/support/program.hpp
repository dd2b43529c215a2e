#pragma once

// Programs and functions in processes of their own that a test reads from and waits for.

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace cadenza {

class Program {
public:
    // Found by PATH and in /usr/sbin.
    explicit Program(const std::vector<std::string>& words);
    // `body` in a fork of this process, which must have no other thread; gives its exit code.
    explicit Program(const std::function<int()>& body);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const noexcept { return pid_; }
    void signal(int number) const;
    // Its exit code; -1 when a signal ended it, -2 when it has not ended after ten seconds.
    int wait();
    // The first line it wrote on stdout, "" when it ended before.
    std::string first_line() const;
    bool ended() const;

private:
    void launch(const std::function<int()>& body);

    pid_t pid_{-1};
    int output_{-1};
};

}  // namespace cadenza
