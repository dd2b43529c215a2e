#pragma once

// Reports errors to Sentry in the background. It never throws, never waits, and never becomes the trouble
// itself: what cannot be sent is dropped and counted. For the thread of its executor.

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/http/client.hpp"
#include "server/sentry/dsn.hpp"
#include "server/sentry/envelope.hpp"

#include <chrono>
#include <memory>
#include <string_view>

namespace cadenza::sentry {

namespace asio = boost::asio;

class Reporter {
public:
    struct Options {
        Dsn dsn;
        Origin origin;
        std::size_t most_waiting{100};            // then the oldest makes room
        std::chrono::milliseconds quiet{60'000};  // the same trouble is told once in this time
        std::chrono::milliseconds send_timeout{5'000};
        // Told once when Sentry stops taking events; `status` 0: it does not answer.
        std::function<void(int status)> on_trouble;
    };

    // `client` must outlive what its executor still runs.
    Reporter(const asio::any_io_executor& executor, http::Client& client, server::Clock clock,
             Options options);
    ~Reporter();
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;

    // Takes an error of the log.
    void capture(std::string_view event, server::LogFields fields) noexcept;
    // Sends what waits, and what was lost, for `time` at most.
    asio::awaitable<void> flush(std::chrono::milliseconds time);

private:
    struct State;
    std::shared_ptr<State> state_;  // the sending coroutine may outlive the reporter
};

}  // namespace cadenza::sentry
