#pragma once

// A child process of a test. It ends with the object, and with the test program however that ends.

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace cadenza {

class Process {
public:
    // Output of both kinds is appended to the file `log`. Throws when the program cannot be started.
    Process(const std::vector<std::string>& command, const std::string& log);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    bool is_running();
    // Sends `signal` and waits until it has ended, by force after five seconds.
    void end(int signal);

private:
    pid_t pid_{-1};
};

// A folder of its own below the system's temporary one, removed with all it holds.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    // Writes a file into it and returns its path.
    std::string write(const std::string& name, const std::string& text) const;

private:
    std::string path_;
};

// A port of 127.0.0.1 that nobody used a moment ago.
std::uint16_t free_port();

}  // namespace cadenza
