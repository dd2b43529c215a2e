#include "server/session/refusals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cadenza::server {
namespace {

constexpr std::chrono::seconds look_interval{1};

}  // namespace

Refusals::Refusals(const Services& services, Forgive forgive)
    : services_(services), forgive_(std::move(forgive)) {
    if (services.redis)
        shared_.emplace(*services.redis, "cadenza:refresh:{" + services.config.client_id + "}:");
}

asio::awaitable<void> Refusals::look() {
    if (!shared_) co_return;
    if (const auto until = co_await shared_->open_until(services_.clock())) co_await open(*until);
}

asio::awaitable<std::optional<std::int64_t>> Refusals::count(std::string account) {
    std::optional<std::int64_t> until;
    if (shared_) until = co_await shared_->count(account, services_.clock());
    if (!until) until = breaker_.count(std::move(account), services_.clock());
    if (until) co_await open(*until);
    co_return until;
}

void Refusals::believe(Secret ticket) {
    breaker_.believe(std::move(ticket), services_.clock());
    if (shared_ && !std::exchange(looking_, true))
        asio::co_spawn(services_.executor, keep_looking(), asio::detached);
}

// They were refused like everybody: that says nothing about them.
asio::awaitable<void> Refusals::open(std::int64_t until) {
    if (!open_until()) services_.log.error("refresh_refused_often", {{"until", until}});
    for (const auto& ticket : breaker_.open(until)) co_await forgive_(ticket);
}

asio::awaitable<void> Refusals::keep_looking() {
    asio::steady_timer pause(services_.executor);
    while (breaker_.may_forgive(services_.clock())) {
        pause.expires_after(look_interval);
        co_await pause.async_wait(asio::use_awaitable);
        co_await look();
    }
    looking_ = false;
}

}  // namespace cadenza::server
