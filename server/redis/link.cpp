#include "server/redis/link.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace cadenza::redis {
namespace {

using Clock = std::chrono::steady_clock;

// A connection that was lost sooner counts as a failed attempt, or a server that accepts and closes would be
// dialled without a pause.
constexpr std::chrono::seconds worth_a_connection{1};

}  // namespace

std::chrono::milliseconds retry_pause(const Timeouts& timeouts, int failures, double random) {
    const auto doublings = std::clamp(failures - 1, 0, 20);
    const auto bound = std::min(timeouts.retry_first * (1L << doublings), timeouts.retry_last);
    return std::chrono::milliseconds(static_cast<long>(static_cast<double>(bound.count()) * random));
}

Link::Link(const asio::any_io_executor& executor, Dial dial, Timeouts timeouts, Jitter jitter,
           Observer observer)
    : executor_(executor),
      dial_(std::move(dial)),
      timeouts_(timeouts),
      jitter_(std::move(jitter)),
      observer_(std::move(observer)),
      changed_(executor),
      wanted_(executor) {}

// The loop may come to it after the client is gone.
void Link::start() {
    asio::co_spawn(executor_, [self = shared_from_this()] { return self->keep(); }, asio::detached);
}

void Link::stop() {
    stopped_ = true;
    problem_ = "redis: closed";
    if (connection_) connection_->close({Errc::storage_failed, problem_});
    state_ = State::down;
    changed_.notify();
    wanted_.notify();
}

asio::awaitable<void> Link::keep() {
    while (!stopped_) {
        dialled_ = Clock::now();
        auto dialled = co_await dial_();
        if (stopped_) {
            if (dialled) (*dialled)->close({Errc::storage_failed, "redis: closed"});
            co_return;
        }
        bool worth_it = false;
        if (dialled)
            worth_it = co_await serve(std::move(*dialled));
        else
            turn(State::down, dialled.error().detail);
        failures_ = worth_it ? 0 : failures_ + 1;
        if (failures_ > 1 && !stopped_) turn(State::down, problem_);
        if (failures_ > 0) co_await pause();
    }
}

// Until the connection is lost; whether that was worth dialling for.
asio::awaitable<bool> Link::serve(std::shared_ptr<Connection> connection) {
    connection_ = connection;
    const auto since = Clock::now();
    turn(State::up, to_text(connection->address()));
    const auto reason = co_await connection->closed();
    connection_ = nullptr;
    if (!stopped_) turn(State::dialling, reason.detail);
    co_return Clock::now() - since >= worth_a_connection;
}

asio::awaitable<void> Link::pause() {
    const auto due = Clock::now() + retry_pause(timeouts_, failures_, jitter_());
    while (!stopped_ && Clock::now() < due) {
        co_await wanted_.wait(due);
        if (Clock::now() - dialled_ >= timeouts_.retry_wanted) co_return;
    }
}

void Link::turn(State state, const std::string& detail) {
    state_ = state;
    changed_.notify();
    const bool up = state == State::up;
    if (!up) problem_ = detail;
    const bool news = up || !announced_lost_;
    announced_lost_ = !up;
    if (news && observer_) observer_(up ? Transition::connected : Transition::lost, detail);
}

asio::awaitable<Result<std::shared_ptr<Connection>>> Link::connection(server::Deadline deadline) {
    const auto self = shared_from_this();
    for (;;) {
        if (connection_ && connection_->is_open()) co_return connection_;
        if (state_ == State::down) break;
        if (Clock::now() >= deadline) co_return Error{Errc::timed_out, "redis: still connecting"};
        co_await changed_.wait(deadline);
    }
    wanted_.notify();
    co_return Error{Errc::storage_failed, problem_};
}

}  // namespace cadenza::redis
