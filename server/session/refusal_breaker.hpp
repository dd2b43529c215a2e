#pragma once

#include "server/base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cadenza::server {

// Tells one user who withdrew from a Spotify that refuses everybody, as it has done during outages: when
// several accounts are refused within a minute, none of them counts, and nobody is asked for a minute. One
// user's many browsers are one account.
class RefusalBreaker {
public:
    struct Refused {
        Secret ticket;
        std::string account;
        std::int64_t at{};
    };
    struct Opened {
        std::int64_t until{};
        std::vector<Secret> believed;  // tickets of those that were refused before it opened
    };
    // Counts a refused refresh. nullopt: believe it.
    std::optional<Opened> count(Secret ticket, std::string account, std::int64_t now) {
        if (const auto until = open_until(now)) return Opened{*until, {}};
        std::erase_if(refused_, [&](const Refused& one) { return one.at + window_ms <= now; });
        refused_.push_back({std::move(ticket), std::move(account), now});
        std::set<std::string_view> accounts;
        for (const auto& one : refused_) accounts.insert(one.account);
        if (accounts.size() < limit) return std::nullopt;
        until_ = now + window_ms;
        Opened out{until_, {}};
        for (auto& one : refused_) out.believed.push_back(std::move(one.ticket));
        refused_.clear();
        return out;
    }
    std::optional<std::int64_t> open_until(std::int64_t now) const {
        return now < until_ ? std::optional(until_) : std::nullopt;
    }

private:
    static constexpr std::int64_t window_ms = 60'000;
    static constexpr std::size_t limit = 3;  // different accounts
    std::vector<Refused> refused_;
    std::int64_t until_{};
};

}  // namespace cadenza::server
