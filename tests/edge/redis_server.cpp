#include "tests/edge/redis_server.hpp"

#include "tests/http/live_server.hpp"

#include <hiredis/hiredis.h>

#include <csignal>
#include <stdexcept>

namespace cadenza {
namespace {

redis::Reply convert(const redisReply& reply) {
    using Kind = redis::Reply::Kind;
    redis::Reply out;
    switch (reply.type) {
        case REDIS_REPLY_INTEGER:
            out.kind = Kind::integer;
            out.integer = reply.integer;
            break;
        case REDIS_REPLY_ARRAY:
            out.kind = Kind::array;
            for (std::size_t i = 0; i < reply.elements; ++i) out.items.push_back(convert(*reply.element[i]));
            break;
        case REDIS_REPLY_NIL: break;
        default:
            out.kind = reply.type == REDIS_REPLY_ERROR ? Kind::error : Kind::text;
            out.text.assign(reply.str, static_cast<std::size_t>(reply.len));
    }
    return out;
}

}  // namespace

RedisServer::RedisServer() : socket_(folder_.path("redis.sock")) {
    std::signal(SIGPIPE, SIG_IGN);  // hiredis writes to connections that are gone
    restart();
}

void RedisServer::restart() {
    program_.reset();
    program_.emplace(std::vector<std::string>{"redis-server", "--port", "0", "--unixsocket", socket_,
                                              "--save", "", "--appendonly", "no", "--dir", folder_.path("")});
    BlockingRedis client(socket_);
    const auto answers = [&] {
        return client
            .run_now({{"PING"}, "", true}, std::chrono::steady_clock::now() + std::chrono::seconds(1))
            .has_value();
    };
    if (!http::wait_until(answers)) throw std::runtime_error("redis-server does not answer");
}

void BlockingRedis::Release::operator()(redisContext* context) const { redisFree(context); }

Result<redis::Reply> BlockingRedis::run_now(const redis::Command& command, server::Deadline deadline) {
    ++commands;
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
        std::max(deadline - std::chrono::steady_clock::now(), server::Deadline::duration(1'000)));
    const timeval time{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
    if (!connection_) connection_.reset(redisConnectUnixWithTimeout(socket_.c_str(), time));
    if (!connection_ || connection_->err != 0) {
        connection_.reset();
        return Error{Errc::storage_failed, "cannot connect"};
    }
    redisSetTimeout(connection_.get(), time);
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const auto& word : command.words) {
        words.push_back(word.data());
        sizes.push_back(word.size());
    }
    auto* reply = static_cast<redisReply*>(
        redisCommandArgv(connection_.get(), static_cast<int>(words.size()), words.data(), sizes.data()));
    if (!reply) {
        connection_.reset();
        return Error{Errc::storage_failed, "lost"};
    }
    auto out = convert(*reply);
    freeReplyObject(reply);
    return out;
}

}  // namespace cadenza
