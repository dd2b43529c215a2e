#pragma once

#include "server/base/clock.hpp"
#include "server/base/single_flight.hpp"
#include "server/http/problem.hpp"
#include "server/routes/shared_edits.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <utility>

namespace cadenza::server {

// Which edits were applied, so that one sent again (its answer was lost, or the client was offline in
// between) does not undo what came after it. Remembers the latest ones of the latest accounts only; with
// Redis those of other processes, too.
class AppliedEdits {
public:
    struct Limits {
        std::size_t accounts{1'000};
        std::size_t edits{1'000};  // of one account
    };
    // `redis` may be nullptr; it and `clock` must outlive this.
    AppliedEdits(asio::any_io_executor executor, redis::Client* redis, const Clock& clock)
        : AppliedEdits(std::move(executor), redis, clock, Limits{}) {}
    AppliedEdits(asio::any_io_executor executor, redis::Client* redis, const Clock& clock, Limits limits)
        : limits_(limits), clock_(clock), flights_(std::move(executor)) {
        if (redis) shared_.emplace(*redis);
    }

    // Runs `apply` unless the edit `id` of `account` was applied before. Sent a second time while it is under
    // way, it shares the first one's outcome; a failure is forgotten, so that it can be sent again.
    using Apply = std::function<asio::awaitable<http::Outcome<void>>()>;
    asio::awaitable<http::Outcome<void>> once(std::string account, std::string id, Apply apply) {
        if (contains(account, id)) co_return boost::system::in_place_value;
        auto flight = account + " " + id;
        co_return co_await flights_.run(std::move(flight),
                                        [this, account = std::move(account), id = std::move(id),
                                         apply = std::move(apply)] { return carry_out(account, id, apply); });
    }

    bool contains(const std::string& account, const std::string& id) const {
        return std::any_of(accounts_.begin(), accounts_.end(),
                           [&](const Account& known) { return known.key == account && holds(known, id); });
    }
    asio::awaitable<void> forget(std::string account) {
        std::erase_if(accounts_, [&](const Account& known) { return known.key == account; });
        if (shared_) co_await shared_->forget(std::move(account));
    }

private:
    struct Account {
        std::string key;
        std::deque<std::string> ids;  // the oldest first
    };

    static bool holds(const Account& account, const std::string& id) {
        return std::find(account.ids.begin(), account.ids.end(), id) != account.ids.end();
    }
    // Remembered before the flight ends: nothing may come in between.
    asio::awaitable<http::Outcome<void>> carry_out(std::string account, std::string id, Apply apply) {
        if (shared_ && co_await shared_->contains(account, id)) co_return boost::system::in_place_value;
        auto outcome = co_await apply();
        if (!outcome) co_return outcome;
        remember(account, id);
        if (shared_) co_await shared_->add(account, id, clock_());
        co_return outcome;
    }
    void remember(const std::string& account, const std::string& id) {
        const auto found = std::find_if(accounts_.begin(), accounts_.end(),
                                        [&](const Account& known) { return known.key == account; });
        if (found != accounts_.end())
            accounts_.splice(accounts_.end(), accounts_, found);
        else
            accounts_.push_back({account, {}});
        auto& ids = accounts_.back().ids;
        if (holds(accounts_.back(), id)) return;
        ids.push_back(id);
        if (ids.size() > limits_.edits) ids.pop_front();
        if (accounts_.size() > limits_.accounts) accounts_.pop_front();
    }

    Limits limits_;
    const Clock& clock_;
    std::optional<SharedEdits> shared_;
    std::list<Account> accounts_;  // the least recently used first
    SingleFlight<http::Outcome<void>> flights_;
};

}  // namespace cadenza::server
