#pragma once

// The real redis-server on a unix socket of its own, and hiredis as a blocking client of it.

#include "server/redis/client.hpp"
#include "tests/edge/program.hpp"

#include <memory>
#include <optional>
#include <string>

struct redisContext;

namespace cadenza {

class RedisServer {
public:
    // Returns once it answers.
    RedisServer();
    const std::string& socket() const noexcept { return socket_; }
    // Forgets everything.
    void restart();
    void stop() { program_.reset(); }

private:
    Folder folder_;
    std::string socket_;
    std::optional<Program> program_;
};

// Answers within run() itself: the caller's thread waits. Connects anew for each command after a failure.
class BlockingRedis : public redis::Client {
public:
    explicit BlockingRedis(std::string socket) : socket_(std::move(socket)) {}

    redis::asio::awaitable<Result<redis::Reply>> run(redis::Command command,
                                                     server::Deadline deadline) override {
        co_return run_now(command, deadline);
    }
    Result<redis::Reply> run_now(const redis::Command& command, server::Deadline deadline);
    int commands{};  // that were tried

private:
    struct Release {
        void operator()(redisContext* context) const;
    };
    std::string socket_;
    std::unique_ptr<redisContext, Release> connection_;
};

}  // namespace cadenza
