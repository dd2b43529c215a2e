#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cadenza {
namespace {

struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, Free>;

std::string text_of(const redisReply& reply) {
    switch (reply.type) {
        case REDIS_REPLY_INTEGER: return std::to_string(reply.integer);
        case REDIS_REPLY_NIL: return "(nil)";
        case REDIS_REPLY_ARRAY: {
            std::string out;
            for (std::size_t i = 0; i < reply.elements; ++i)
                out += (i > 0 ? "\n" : "") + text_of(*reply.element[i]);
            return out;
        }
        default: return {reply.str, reply.len};
    }
}

std::string run(redisContext* context, const std::vector<std::string>& words) {
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    for (const auto& word : words) {
        starts.push_back(word.data());
        sizes.push_back(word.size());
    }
    const std::unique_ptr<redisReply, Free> reply(static_cast<redisReply*>(
        redisCommandArgv(context, static_cast<int>(words.size()), starts.data(), sizes.data())));
    if (!reply) throw std::runtime_error(std::string("redis: ") + context->errstr);
    return text_of(*reply);
}

std::string run(const Context& context, const std::vector<std::string>& auth,
                const std::vector<std::string>& words) {
    if (!context || context->err != 0) throw std::runtime_error("cannot reach the Redis of the test");
    redisSetTimeout(context.get(), {.tv_sec = 10, .tv_usec = 0});
    if (!auth.empty()) run(context.get(), auth);
    return run(context.get(), words);
}

template <class Connect>
bool comes_up(Process& process, Connect connect) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (process.is_running() && std::chrono::steady_clock::now() < patience) {
        if (const Context context(connect()); context && context->err == 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

std::string contents(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> options)
    : options_(std::move(options)), port_(free_port()) {
    start();
}

void RedisServer::start() {
    std::vector<std::string> command{"redis-server",
                                     "--port",
                                     std::to_string(port_),
                                     "--bind",
                                     "127.0.0.1",
                                     "--unixsocket",
                                     socket(),
                                     "--dir",
                                     folder_.path(),
                                     "--save",
                                     "",
                                     "--repl-diskless-sync-delay",
                                     "0"};
    command.insert(command.end(), options_.begin(), options_.end());
    std::filesystem::remove(socket());
    process_.emplace(command, folder_.path() + "/log");
    if (!comes_up(*process_, [this] { return redisConnectUnix(socket().c_str()); }))
        throw std::runtime_error("redis-server does not start: " + log());
}

std::string RedisServer::log() const { return contents(folder_.path() + "/log"); }

std::string RedisServer::ask(const std::vector<std::string>& words) const {
    return run(Context(redisConnectUnix(socket().c_str())), auth_, words);
}

void RedisServer::kill() { process_->end(SIGKILL); }
void RedisServer::freeze() const { ::kill(pid(), SIGSTOP); }
void RedisServer::thaw() const { ::kill(pid(), SIGCONT); }

RedisSentinel::RedisSentinel(const RedisServer& master, int quorum, const std::string& options)
    : port_(free_port()) {
    const auto config =
        folder_.write("sentinel.conf", "port " + std::to_string(port_) +
                                           "\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 " +
                                           std::to_string(master.port()) + " " + std::to_string(quorum) +
                                           "\nsentinel down-after-milliseconds mymaster 300\n"
                                           "sentinel failover-timeout mymaster 2000\n" +
                                           options + "\n");
    process_.emplace(std::vector<std::string>{"redis-server", config, "--sentinel"}, folder_.path() + "/log");
    if (!comes_up(*process_, [this] { return redisConnect("127.0.0.1", port_); }))
        throw std::runtime_error("the sentinel does not start: " + log());
}

std::string RedisSentinel::log() const { return contents(folder_.path() + "/log"); }

std::string RedisSentinel::ask(const std::vector<std::string>& words) const {
    return run(Context(redisConnect("127.0.0.1", port_)), {}, words);
}

}  // namespace cadenza
