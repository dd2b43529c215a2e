#pragma once

// The plainest client of a redis-server: one blocking command after the other, which is enough where nothing
// depends on the connection.

#include "server/redis/client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <hiredis/hiredis.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cadenza::server {

class PlainRedis final : public redis::Client {
public:
    explicit PlainRedis(std::string socket) : socket_(std::move(socket)) {
        std::signal(SIGPIPE, SIG_IGN);  // hiredis writes to a socket whose server is gone
    }

    bool out{};                                         // as if it could not be reached
    std::function<bool(const redis::Command&)> lose;    // those it says so of, alone
    int commands{};                                     // that were sent
    std::function<void(const redis::Command&)> before;  // each of them
    std::function<bool(const redis::Command&)> hold;    // as long as it says so, one waits to be sent

    asio::awaitable<Result<redis::Reply>> run(redis::Command command, Deadline deadline) override {
        while (hold && hold(command)) co_await asio::post(asio::use_awaitable);
        if (before) before(command);
        if (out || (lose && lose(command))) co_return Error{Errc::storage_failed, "out"};
        co_return send(command.words, deadline);
    }

    Result<redis::Reply> send(const std::vector<std::string>& words,
                              Deadline deadline = std::chrono::steady_clock::now() +
                                                  std::chrono::seconds(5)) {
        ++commands;
        const auto time = left_until(deadline);
        if (!context_) context_.reset(redisConnectUnixWithTimeout(socket_.c_str(), time));
        if (context_ && context_->err == 0) redisSetTimeout(context_.get(), time);
        std::vector<const char*> starts;
        std::vector<std::size_t> sizes;
        for (const auto& word : words) {
            starts.push_back(word.data());
            sizes.push_back(word.size());
        }
        void* raw = context_ && context_->err == 0
                        ? redisCommandArgv(context_.get(), static_cast<int>(words.size()), starts.data(),
                                           sizes.data())
                        : nullptr;
        if (!raw) {
            context_.reset();
            return Error{Errc::storage_failed, "lost"};
        }
        auto out_reply = reply_of(*static_cast<redisReply*>(raw));
        freeReplyObject(raw);
        return out_reply;
    }

private:
    static timeval left_until(Deadline deadline) {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
            std::clamp<Deadline::duration>(deadline - std::chrono::steady_clock::now(),
                                           std::chrono::milliseconds(1), std::chrono::hours(1)));
        return {.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
    }
    static redis::Reply reply_of(const redisReply& from) {
        using Kind = redis::Reply::Kind;
        redis::Reply out_reply;
        switch (from.type) {
            case REDIS_REPLY_INTEGER:
                out_reply.kind = Kind::integer;
                out_reply.integer = from.integer;
                break;
            case REDIS_REPLY_ARRAY:
                out_reply.kind = Kind::array;
                for (std::size_t i = 0; i < from.elements; ++i)
                    out_reply.items.push_back(reply_of(*from.element[i]));
                break;
            case REDIS_REPLY_NIL: break;
            default:
                out_reply.kind = from.type == REDIS_REPLY_ERROR ? Kind::error : Kind::text;
                out_reply.text.assign(from.str, static_cast<std::size_t>(from.len));
        }
        return out_reply;
    }

    struct Free {
        void operator()(redisContext* context) const { redisFree(context); }
    };
    std::string socket_;
    std::unique_ptr<redisContext, Free> context_;
};

// As long as it lives, the server refuses whatever needs memory, and does everything else.
class FullRedis {
public:
    explicit FullRedis(PlainRedis& redis) : redis_(redis) { set("1"); }
    ~FullRedis() { set("0"); }
    FullRedis(const FullRedis&) = delete;
    FullRedis& operator=(const FullRedis&) = delete;

private:
    void set(const char* bytes) { (void)redis_.send({"CONFIG", "SET", "maxmemory", bytes}); }
    PlainRedis& redis_;
};

}  // namespace cadenza::server
