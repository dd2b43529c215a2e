#pragma once

// Keeps a connection to one place: dials again when it is lost, with pauses between attempts that fail. There
// is one attempt at a time however many commands want the connection.

#include "server/redis/connection.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace cadenza::redis {

enum class Transition { connected, lost };

// Called at each change, not for each command. `detail` is where we are connected, or why not; no secrets.
using Observer = std::function<void(Transition transition, std::string_view detail)>;

// A random number from 0 up to 1.
using Jitter = std::function<double()>;

class Link : public std::enable_shared_from_this<Link> {
public:
    using Dial = std::function<asio::awaitable<Result<std::shared_ptr<Connection>>>()>;

    Link(const asio::any_io_executor& executor, Dial dial, Timeouts timeouts, Jitter jitter,
         Observer observer);

    // Begins to dial. Goes on until stop().
    void start();
    void stop();

    // The connection. While the first attempt after a loss is under way its outcome is waited for; while the
    // place is known to be out of reach the answer comes at once.
    // Errors: storage_failed, timed_out.
    asio::awaitable<Result<std::shared_ptr<Connection>>> connection(server::Deadline deadline);

    // The connection if there is one now, else null. Closing it makes the link dial anew.
    const std::shared_ptr<Connection>& current() const { return connection_; }
    // Whether the last attempt failed.
    bool is_down() const { return state_ == State::down; }

private:
    enum class State { dialling, up, down };

    asio::awaitable<void> keep();
    asio::awaitable<bool> serve(std::shared_ptr<Connection> connection);
    asio::awaitable<void> pause();
    void turn(State state, const std::string& detail);

    asio::any_io_executor executor_;
    Dial dial_;
    Timeouts timeouts_;
    Jitter jitter_;
    Observer observer_;
    State state_{State::dialling};
    bool stopped_{};
    bool announced_lost_{};
    int failures_{};
    server::Deadline dialled_;
    std::string problem_;
    std::shared_ptr<Connection> connection_;
    Signal changed_;
    Signal wanted_;
};

// A time below a bound that doubles from `first` to `last` with each failure (full jitter, so that many
// clients of one server do not come back at the same time). `failures` from 1.
std::chrono::milliseconds retry_pause(const Timeouts& timeouts, int failures, double random);

}  // namespace cadenza::redis
