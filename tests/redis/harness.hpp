#pragma once

// An event loop on the test's thread, and clients on it.

#include "server/redis/connect.hpp"
#include "tests/support/redis_deployments.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cadenza::redis {

using namespace std::chrono_literals;

inline server::Deadline soon(std::chrono::milliseconds time = 10s) {
    return std::chrono::steady_clock::now() + time;
}

class Loop {
public:
    asio::io_context& context() { return context_; }
    asio::any_io_executor executor() { return context_.get_executor(); }

    // Runs a coroutine to its end, with everything else on the loop.
    template <class T>
    T run(asio::awaitable<T> task) {
        return server::run_among_others(context_, std::move(task));
    }

    // Runs the loop until `condition` is true; false after twenty seconds.
    bool until(const std::function<bool()>& condition) {
        const auto patience = soon(20s);
        while (!condition() && std::chrono::steady_clock::now() < patience) {
            context_.restart();
            context_.run_one_for(5ms);
        }
        return condition();
    }

private:
    asio::io_context context_{1};
};

// A client on a loop of its own, and what its observer was told.
class Caller {
public:
    explicit Caller(const Options& options)
        : client_(connect(
              loop_.executor(), options,
              [this](Transition transition, std::string_view detail) {
                  news_.emplace_back(transition, detail);
              },
              [] { return 0.5; })) {}

    Loop& loop() { return loop_; }
    Client& client() { return *client_; }
    const std::vector<std::pair<Transition, std::string>>& news() const { return news_; }
    std::size_t count(Transition transition) const {
        std::size_t out = 0;
        for (const auto& [which, detail] : news_) out += which == transition ? 1 : 0;
        return out;
    }

    Result<Reply> run(Command command, std::chrono::milliseconds time = 10s) {
        return loop_.run(client_->run(std::move(command), soon(time)));
    }
    // With the key in its usual place; repeatable unless said otherwise.
    Result<Reply> run(std::vector<std::string> words, bool repeatable = true) {
        auto key = words.size() > 1 ? words[1] : std::string();
        return run(Command{.words = std::move(words), .key = std::move(key), .repeatable = repeatable});
    }
    // The reply as text, "-" before an error; "!" and the error when there was none.
    std::string text(std::vector<std::string> words) {
        const auto reply = run(std::move(words));
        if (!reply) return "!" + reply.error().detail;
        switch (reply->kind) {
            case Reply::Kind::nil: return "(nil)";
            case Reply::Kind::integer: return std::to_string(reply->integer);
            case Reply::Kind::error: return "-" + reply->text;
            default: return reply->text;
        }
    }
    // Repeats a harmless command until it is answered.
    bool recovers() {
        return loop_.until([this] { return run({"GET", "recovered?"}).has_value(); });
    }

private:
    Loop loop_;
    std::vector<std::pair<Transition, std::string>> news_;
    std::unique_ptr<Client> client_;
};

}  // namespace cadenza::redis
