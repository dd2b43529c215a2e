#pragma once

// Debian's redis-server as a child process, in a folder of its own.

#include "tests/support/process.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cadenza {

class RedisServer {
public:
    // `options` as on its command line, beside the port: {"--requirepass", "x"}. Returns once it takes
    // connections; throws with its log when it does not.
    explicit RedisServer(std::vector<std::string> options = {});

    int port() const { return port_; }
    std::string socket() const { return folder_.path() + "/redis.sock"; }
    const TemporaryFolder& folder() const { return folder_; }
    pid_t pid() const { return process_->pid(); }
    std::string log() const;

    // Runs a command on a connection of its own, over the Unix socket, and returns the reply as text: a
    // string, a number, "(nil)", the items of an array on lines, "ERR …" for an error.
    std::string ask(const std::vector<std::string>& words) const;
    // Credentials for ask(), where the server wants some.
    void sign_in(std::vector<std::string> auth) { auth_ = std::move(auth); }

    // Ends it at once, as a crash would.
    void kill();
    // Starts it again on the same port with the same options.
    void start();
    // Stops it where it is, as a machine that swaps; and lets it go on.
    void freeze() const;
    void thaw() const;

private:
    std::vector<std::string> options_;
    std::vector<std::string> auth_;
    TemporaryFolder folder_;
    int port_;
    std::optional<Process> process_;
};

// A sentinel that watches `master` as "mymaster", with a down-after of 300 ms and a quorum of `quorum`.
class RedisSentinel {
public:
    // `options` are lines of its configuration.
    explicit RedisSentinel(const RedisServer& master, int quorum = 1, const std::string& options = "");

    int port() const { return port_; }
    std::string log() const;
    void kill() { process_.reset(); }
    // As RedisServer's.
    std::string ask(const std::vector<std::string>& words) const;

private:
    TemporaryFolder folder_;
    int port_;
    std::optional<Process> process_;
};

}  // namespace cadenza
