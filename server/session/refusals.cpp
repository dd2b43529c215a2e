#include "server/session/refusals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cadenza::server {
namespace {

constexpr std::chrono::seconds look_interval{1};
// A mark that cannot be taken back because the store is out is a sign-in lost: so long it is tried.
constexpr std::int64_t longest_unforgiven_ms = 600'000;
constexpr std::size_t most_unforgiven = 1'000;

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
    if (until) co_await open(*until);
    if (!until) until = co_await count_here(std::move(account));
    co_return until;
}

asio::awaitable<std::optional<std::int64_t>> Refusals::count_here(std::string account) {
    const auto until = breaker_.count(std::move(account), services_.clock());
    if (until) co_await open(*until);
    co_return until;
}

void Refusals::believe(Secret ticket) {
    breaker_.believe(std::move(ticket), services_.clock());
    if (shared_) start_looking();
}

asio::awaitable<void> Refusals::forgive(Secret ticket) {
    to_be_forgiven(std::move(ticket));
    co_await forgive_all();
}

void Refusals::to_be_forgiven(Secret ticket) {
    if (unforgiven_.size() < most_unforgiven)
        unforgiven_.push_back({std::move(ticket), services_.clock()});
    else
        services_.log.error("session_not_forgiven");
}

// Until the store fails: then the others would, too.
asio::awaitable<void> Refusals::forgive_all() {
    const auto given_up = std::erase_if(unforgiven_, [&](const Unforgiven& one) {
        return one.since + longest_unforgiven_ms <= services_.clock();
    });
    for (std::size_t i = 0; i < given_up; ++i) services_.log.error("session_not_forgiven");
    bool works = true;
    while (works && !unforgiven_.empty()) {
        auto one = std::move(unforgiven_.front());
        unforgiven_.pop_front();
        works = co_await forgive_(one.ticket);
        if (!works) unforgiven_.push_back(std::move(one));
    }
    if (!works) start_looking();
}

// What it throws must not keep the next one from starting.
void Refusals::start_looking() {
    if (!std::exchange(looking_, true))
        asio::co_spawn(services_.executor, keep_looking(),
                       [this](const std::exception_ptr&) { looking_ = false; });
}

// They were refused like everybody: that says nothing about them.
asio::awaitable<void> Refusals::open(std::int64_t until) {
    if (!open_until()) services_.log.error("refresh_refused_often", {{"until", until}});
    for (auto& ticket : breaker_.open(until, services_.clock())) to_be_forgiven(std::move(ticket));
    co_await forgive_all();
}

asio::awaitable<void> Refusals::keep_looking() {
    asio::steady_timer pause(services_.executor);
    while (breaker_.may_forgive(services_.clock()) || !unforgiven_.empty()) {
        pause.expires_after(look_interval);
        co_await pause.async_wait(asio::use_awaitable);
        co_await look();
        co_await forgive_all();
    }
}

}  // namespace cadenza::server
