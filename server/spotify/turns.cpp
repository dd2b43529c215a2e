#include "server/spotify/turns.hpp"

#include <map>

namespace cadenza::server {

struct Turns::State {
    State(asio::any_io_executor on, FairQueue::Limits limits) : executor(std::move(on)), queue(limits) {}

    void leave(FairQueue::Id id) {
        for (const auto next : queue.leave(id)) {
            const auto waiting = bells.find(next);
            waiting->second->cancel();  // the timer's early end is the bell
            bells.erase(waiting);
        }
    }

    asio::any_io_executor executor;
    FairQueue queue;
    std::map<FairQueue::Id, std::shared_ptr<asio::steady_timer>> bells;  // of those that wait
};

Turns::Turns(asio::any_io_executor executor, FairQueue::Limits limits)
    : state_(std::make_shared<State>(std::move(executor), limits)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): only for want of memory, which ends the process anyway
Turns::Turn::~Turn() {
    if (state_) state_->leave(id_);
}

asio::awaitable<Result<Turns::Turn>> Turns::take(std::string account, Priority priority, Deadline deadline) {
    const auto state = state_;
    const auto entered = state->queue.enter(account, priority);
    if (entered.place == FairQueue::Place::full)
        co_return Error{Errc::rate_limited, "too many requests wait for Spotify"};
    // From here on it is given back however this ends.
    Turn turn(state, entered.id);
    if (entered.place == FairQueue::Place::waits) {
        const auto bell = std::make_shared<asio::steady_timer>(state->executor, deadline);
        state->bells.emplace(entered.id, bell);
        boost::system::error_code ignored;
        co_await bell->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        // Still there: it was time that ended the wait.
        if (state->bells.erase(entered.id) > 0) co_return Error{Errc::timed_out, "no turn in time"};
    }
    co_return std::move(turn);
}

std::size_t Turns::running() const noexcept { return state_->queue.running(); }
std::size_t Turns::waiting() const noexcept { return state_->queue.waiting(); }

}  // namespace cadenza::server
