#pragma once

// Waiting for a turn of fair_queue.hpp.

#include "server/base/deadline.hpp"
#include "server/spotify/fair_queue.hpp"
#include "shared/base/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cadenza::server {

class Turns {
    struct State;

public:
    Turns(asio::any_io_executor executor, FairQueue::Limits limits);

    // A place among those under way, until it is destroyed.
    class Turn {
    public:
        Turn(std::shared_ptr<State> state, FairQueue::Id id) noexcept : state_(std::move(state)), id_(id) {}
        Turn(Turn&& other) noexcept : state_(std::move(other.state_)), id_(other.id_) {}
        Turn& operator=(Turn&&) = delete;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn();

    private:
        std::shared_ptr<State> state_;
        FairQueue::Id id_;
    };

    // Errors: rate_limited (too many of this account's wait already), timed_out.
    asio::awaitable<Result<Turn>> take(std::string account, Priority priority, Deadline deadline);

    std::size_t running() const noexcept;
    std::size_t waiting() const noexcept;

private:
    std::shared_ptr<State> state_;
};

}  // namespace cadenza::server
