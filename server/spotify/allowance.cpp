#include "server/spotify/allowance.hpp"

#include "server/base/single_flight.hpp"
#include "server/spotify/store_health.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds catch_up_time{1'000};
constexpr std::chrono::milliseconds fresh{5'000};  // what others counted may be that old
constexpr std::int64_t look_interval_ms = 1'000;

}  // namespace

struct Allowance::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor on, const Clock& time, const Log& to, std::int64_t budget,
          std::shared_ptr<LimitStore> limits)
        : executor(on),
          clock(time),
          log(to),
          ledger(budget),
          store(std::move(limits)),
          shares(std::move(on)) {}

    bool may_ask_store() const { return store && !health.rests(); }
    // A server that began while the store was out asks before each request: a cool-down may be running.
    bool may_hear_cool_down() const { return may_ask_store() || (store && !knows_cool_down); }
    static Deadline soon() { return StoreHealth::soon(); }

    void heard(bool ok) {
        if (!health.heard(ok)) return;
        if (ok)
            log.info("limit_store_back");
        else
            log.warn("limit_store_out", {{"hint", "limits are kept by each replica for itself meanwhile"}});
    }

    void tell_cooling() const {
        log.warn("spotify_cool_down", {{"quota", cooling->quota}, {"until", cooling->until}});
    }

    void take_later(const CoolDown& other) {
        if (!cooling || cooling->until < other.until) cooling = other;
    }

    // Other processes of this machine may have been told to wait.
    void look_at_file() {
        const auto now = clock();
        if (!file || now < looked_at + look_interval_ms) return;
        looked_at = now;
        const auto known = file->read(now);
        if (!known || known->until <= now) return;
        take_later(*known);
        tell_cooling();
    }

    static asio::awaitable<void> tell_cool_down(std::shared_ptr<State> self) {
        const auto told = *self->cooling;
        const auto status = co_await self->store->cool_down_until(told, self->clock(), soon());
        self->heard(status.has_value());
        if (status && self->cooling == told) self->untold = false;
    }

    static asio::awaitable<void> hear_cool_down(std::shared_ptr<State> self) {
        if (self->untold) co_await tell_cool_down(self);
        const auto known = co_await self->store->cool_down(soon());
        self->heard(known.has_value());
        self->knows_cool_down |= known.has_value();
        if (known && *known) self->take_later(**known);
    }

    // Adds what was counted here, then reads what all counted. One at a time.
    static asio::awaitable<bool> share(std::shared_ptr<State> self) {
        auto& ledger = self->ledger;
        while (const auto next = ledger.to_share()) {
            const auto added = co_await self->store->add(*next, soon());
            self->heard(added.has_value());
            if (!added) co_return false;
            ledger.was_shared(*next);
        }
        const auto now = self->clock();
        const auto last = Ledger::bucket_of(now);
        for (auto bucket = std::max(self->unread, last - Ledger::buckets_in_window); bucket <= last;
             ++bucket) {
            const auto all = co_await self->store->read(bucket, soon());
            self->heard(all.has_value());
            if (!all) co_return false;
            ledger.learn(bucket, *all, now);
            self->unread = bucket - 1;  // it and the one before may still grow
        }
        self->read_at = Steady::now();
        co_return true;
    }

    asio::awaitable<bool> share_once() {
        return shares.run("", [self = shared_from_this()] { return share(self); });
    }

    asio::awaitable<void> catch_up() {
        if (may_ask_store()) (void)co_await within(executor, Steady::now() + catch_up_time, share_once());
    }

    asio::any_io_executor executor;
    const Clock& clock;
    const Log& log;
    Ledger ledger;
    std::shared_ptr<LimitStore> store;
    std::shared_ptr<CoolDownFile> file;
    std::int64_t looked_at{};
    SingleFlight<bool> shares;
    std::optional<CoolDown> cooling;
    bool untold{};           // the others do not know of it
    bool knows_cool_down{};  // the store said once whether there is one
    StoreHealth health;
    Steady::time_point read_at;
    Ledger::Bucket unread{};
};

Allowance::Allowance(asio::any_io_executor executor, const Clock& clock, const Log& log, std::int64_t budget,
                     std::shared_ptr<LimitStore> store)
    : state_(std::make_shared<State>(std::move(executor), clock, log, budget, std::move(store))) {}

void Allowance::keep_in(std::shared_ptr<CoolDownFile> file) {
    auto& state = *state_;
    state.file = std::move(file);
    state.look_at_file();
}

std::optional<CoolDown> Allowance::cooling() const {
    const auto& known = state_->cooling;
    return known && known->until > state_->clock() ? known : std::nullopt;
}

asio::awaitable<http::Outcome<void>> Allowance::admit(Priority priority) {
    const auto state = state_;
    if (!cooling()) state->look_at_file();
    if (!cooling() && state->may_hear_cool_down()) co_await State::hear_cool_down(state);
    if (const auto now = cooling()) co_return failure_of(*now);
    if (priority == Priority::interactive) co_return boost::system::in_place_value;
    if (state->read_at + fresh < Steady::now()) co_await state->catch_up();
    const auto at = state->ledger.allowed_at(priority, state->clock());
    if (!at) co_return boost::system::in_place_value;
    co_return http::Failure{ProblemCode::budget_spent,
                            "What is left of today's requests is kept for what people ask for.",
                            {},
                            at};
}

void Allowance::count(LedgerCell cell) {
    state_->ledger.count(cell, state_->clock());
    if (state_->may_ask_store()) asio::co_spawn(state_->executor, state_->share_once(), asio::detached);
}

http::Failure Allowance::cool_down(const http::ClientResponse& answer) {
    auto& state = *state_;
    const auto asked = cool_down_of(answer, state.clock());
    if (!state.cooling || state.cooling->until < asked.until) {
        state.cooling = asked;
        state.tell_cooling();
        if (state.file) state.file->write(asked, state.clock());
        state.untold = state.store != nullptr;
        if (state.may_ask_store())
            asio::co_spawn(state.executor, State::tell_cool_down(state_), asio::detached);
    }
    return failure_of(*state.cooling);
}

asio::awaitable<Quota> Allowance::report() {
    const auto state = state_;
    co_await state->catch_up();
    if (state->may_ask_store()) co_await State::hear_cool_down(state);
    const auto now = state->clock();
    const auto& ledger = state->ledger;
    const auto used = ledger.used(now);
    const auto count = [](std::int64_t number) {
        return Count(static_cast<std::int32_t>(std::min<std::int64_t>(number, Count::max)));
    };
    Quota out;
    out.used = count(used.total());
    out.budget = count(ledger.budget());
    out.window_s = count(Ledger::window_ms / 1'000);
    out.by_priority = {count(used.of(Priority::interactive)), count(used.of(Priority::sync)),
                       count(used.of(Priority::prefetch))};
    out.next_free_at = ledger.next_free_at(now);
    if (state->cooling && state->cooling->until > now) out.cool_down_until = state->cooling->until;
    out.sync_paused_until = ledger.allowed_at(Priority::sync, now);
    out.prefetch_paused_until = ledger.allowed_at(Priority::prefetch, now);
    co_return out;
}

}  // namespace cadenza::server
