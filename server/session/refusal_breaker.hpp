#pragma once

#include "server/base/secret.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cadenza::server {

// Tells one user who withdrew from a Spotify that refuses everybody, as it has done during outages: when
// several accounts are refused within a minute, none of them counts, and nobody is asked for a minute. One
// user's many browsers are one account. This is what a process knows by itself; Refusals asks the others.
class RefusalBreaker {
public:
    static constexpr std::int64_t window_ms = 60'000;
    static constexpr std::size_t limit = 3;  // different accounts

    // Counts a refused refresh. Until when it is to be open; nullopt: believe this one.
    std::optional<std::int64_t> count(std::string account, std::int64_t now) {
        if (const auto until = open_until(now)) return until;
        std::erase_if(refused_, [&](const Refused& one) { return one.at + window_ms <= now; });
        refused_.push_back({std::move(account), now});
        std::set<std::string_view> accounts;
        for (const auto& one : refused_) accounts.insert(one.account);
        return accounts.size() < limit ? std::nullopt : std::optional(now + window_ms);
    }
    // The session of this ticket was told to sign in again.
    void believe(Secret ticket, std::int64_t now) {
        const auto grown_old = [&](const Believed& one) { return one.is_final(now); };
        final_ += static_cast<std::int64_t>(std::erase_if(believed_, grown_old));
        believed_.push_back({std::move(ticket), now});
    }
    // It opens, here or elsewhere. The tickets that were believed in the window before: to be forgiven. Those
    // that were told as final by now stay counted.
    std::vector<Secret> open(std::int64_t until, std::int64_t now) {
        until_ = std::max(until_, until);
        refused_.clear();
        const auto forgiven = std::partition(believed_.begin(), believed_.end(), [&](const Believed& one) {
            return one.at + window_ms <= until - window_ms;
        });
        final_ +=
            std::count_if(forgiven, believed_.end(), [&](const Believed& one) { return one.is_final(now); });
        std::vector<Secret> out;
        std::transform(forgiven, believed_.end(), std::back_inserter(out),
                       [](Believed& one) { return std::move(one.ticket); });
        believed_.erase(forgiven, believed_.end());
        return out;
    }
    std::optional<std::int64_t> open_until(std::int64_t now) const {
        return now < until_ ? std::optional(until_) : std::nullopt;
    }
    // Whether one that was believed may still have to be forgiven.
    bool may_forgive(std::int64_t now) const { return finals(now) < believed_.size(); }
    // How many sessions were believed for good.
    std::int64_t final_count(std::int64_t now) const {
        return final_ + static_cast<std::int64_t>(finals(now));
    }

private:
    struct Refused {
        std::string account;
        std::int64_t at{};
    };
    struct Believed {
        Secret ticket;
        std::int64_t at{};

        // Some time after the window: an opening in its last moment is heard of later.
        bool is_final(std::int64_t now) const { return at + window_ms + 5'000 <= now; }
    };
    std::size_t finals(std::int64_t now) const {
        return static_cast<std::size_t>(std::count_if(believed_.begin(), believed_.end(),
                                                      [&](const auto& one) { return one.is_final(now); }));
    }

    std::vector<Refused> refused_;
    std::vector<Believed> believed_;
    std::int64_t final_{};  // that are in `believed_` no more
    std::int64_t until_{};
};

}  // namespace cadenza::server
