#include "server/session/refresh_lease.hpp"

#include "server/base/crypto.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace cadenza::server {

struct RefreshLease::State {
    const Services& services;
    asio::steady_timer timer;
    std::string key;
    std::chrono::milliseconds time;
    std::string holder{random_token(12)};
    bool over{};
    bool lost{};  // and said so
};

RefreshLease::RefreshLease(const Services& services, std::string key, std::chrono::milliseconds time)
    : state_(std::make_shared<State>(
          State{services, asio::steady_timer(services.executor), std::move(key), time})) {}

asio::awaitable<Result<bool>> RefreshLease::take() {
    auto held = co_await state_->services.sessions.hold(state_->key, state_->holder, state_->time);
    if (held && *held) asio::co_spawn(state_->timer.get_executor(), renew(state_), asio::detached);
    co_return held;
}

asio::awaitable<void> RefreshLease::renew(std::shared_ptr<State> state) {
    while (true) {
        state->timer.expires_after(state->time / 3);
        boost::system::error_code ignored;
        co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (state->over) co_return;
        const auto held = co_await state->services.sessions.hold(state->key, state->holder, state->time);
        if (state->over) continue;
        const bool lost_before = std::exchange(state->lost, !held || !*held);
        if (!state->lost || lost_before) continue;
        // The comparison of versions keeps the result right; somebody may have asked Spotify twice.
        state->services.metrics.lock_lost.add();
        state->services.log.warn("refresh_lease_lost", {{"stored", held.has_value()}});
    }
}

asio::awaitable<void> RefreshLease::let_go() {
    state_->over = true;
    state_->timer.cancel();
    // Should this fail, it ends by itself.
    (void)co_await state_->services.sessions.let_go(state_->key, state_->holder);
}

}  // namespace cadenza::server
