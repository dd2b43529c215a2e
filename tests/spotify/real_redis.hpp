#pragma once

// A redis-server of the test's own, on a unix socket in a folder of its own, and a client that waits for each
// reply.

#include "server/redis/client.hpp"
#include "tests/support/catch.hpp"

#include <hiredis/hiredis.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cadenza::server {

class RealRedis {
public:
    RealRedis() {
        std::string name = (std::filesystem::temp_directory_path() / "cadenza-redis-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        folder_ = name;
        start();
    }
    ~RealRedis() {
        stop();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    RealRedis(const RealRedis&) = delete;
    RealRedis& operator=(const RealRedis&) = delete;

    std::string socket() const { return folder_ + "/socket"; }

    // With an append-only file, so that it knows after a stop what it knew before.
    void start() {
        process_ = ::fork();
        REQUIRE(process_ >= 0);
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // never longer than the test
            ::execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket().c_str(), "--dir",
                     folder_.c_str(), "--appendonly", "yes", "--appendfsync", "always", "--save", "",
                     "--logfile", (folder_ + "/log").c_str(), nullptr);
            ::_exit(127);
        }
        for (int tries = 0; tries < 1'000 && !answers(); ++tries)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        REQUIRE(answers());
    }
    void stop() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
        std::filesystem::remove(socket());
    }

private:
    bool answers() const {
        auto* connection = ::redisConnectUnix(socket().c_str());
        bool out = false;
        if (connection && connection->err == 0) {
            auto* reply = static_cast<::redisReply*>(::redisCommand(connection, "PING"));
            out = reply && reply->type == REDIS_REPLY_STATUS;
            if (reply) ::freeReplyObject(reply);
        }
        if (connection) ::redisFree(connection);
        return out;
    }

    std::string folder_;
    ::pid_t process_{};
};

class WaitingRedis final : public redis::Client {
public:
    explicit WaitingRedis(std::string socket) : socket_(std::move(socket)) {
        std::signal(SIGPIPE, SIG_IGN);  // a server that stopped is an error of the next command
    }

    std::vector<std::string> commands;  // that were run, by their first word
    bool out{};                         // as if it could not be reached

    asio::awaitable<Result<redis::Reply>> run(redis::Command command, Deadline) override {
        commands.push_back(command.words.front());
        if (out) co_return Error{Errc::storage_failed, "out"};
        auto reply = ask(command);
        if (!reply && command.repeatable) reply = ask(command);
        if (!reply) co_return Error{Errc::storage_failed, "no reply"};
        co_return convert(*reply);
    }

private:
    struct Free {
        void operator()(::redisContext* connection) const { ::redisFree(connection); }
        void operator()(::redisReply* reply) const { ::freeReplyObject(reply); }
    };

    std::unique_ptr<::redisReply, Free> ask(const redis::Command& command) {
        if (!connection_ || connection_->err != 0) connection_.reset(::redisConnectUnix(socket_.c_str()));
        std::vector<const char*> words;
        std::vector<std::size_t> sizes;
        for (const auto& word : command.words) {
            words.push_back(word.data());
            sizes.push_back(word.size());
        }
        void* reply =
            ::redisCommandArgv(connection_.get(), static_cast<int>(words.size()), words.data(), sizes.data());
        return std::unique_ptr<::redisReply, Free>(static_cast<::redisReply*>(reply));
    }

    static redis::Reply convert(const ::redisReply& from) {
        using Kind = redis::Reply::Kind;
        redis::Reply out;
        switch (from.type) {
            case REDIS_REPLY_NIL: return out;
            case REDIS_REPLY_INTEGER: out.kind = Kind::integer; break;
            case REDIS_REPLY_ARRAY: out.kind = Kind::array; break;
            case REDIS_REPLY_ERROR: out.kind = Kind::error; break;
            default: out.kind = Kind::text;
        }
        out.integer = from.integer;
        if (from.str) out.text.assign(from.str, from.len);
        for (std::size_t i = 0; i < from.elements; ++i) out.items.push_back(convert(*from.element[i]));
        return out;
    }

    std::string socket_;
    std::unique_ptr<::redisContext, Free> connection_;
};

}  // namespace cadenza::server
