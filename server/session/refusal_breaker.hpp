#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cadenza::server {

// Tells one user who withdrew from a Spotify that refuses everybody, as it has done during outages: when
// several sessions are refused within a minute, none of them counts, and nobody is asked for a minute.
class RefusalBreaker {
public:
    // Counts a refused refresh. Until when nobody should be believed; nullopt: believe this one.
    std::optional<std::int64_t> count(const std::string& session, std::int64_t now) {
        if (const auto until = open_until(now)) return until;
        std::erase_if(refused_, [&](const auto& entry) { return entry.second + window_ms <= now; });
        refused_[session] = now;
        if (refused_.size() < limit) return std::nullopt;
        refused_.clear();
        until_ = now + window_ms;
        return until_;
    }
    std::optional<std::int64_t> open_until(std::int64_t now) const {
        return now < until_ ? std::optional(until_) : std::nullopt;
    }

private:
    static constexpr std::int64_t window_ms = 60'000;
    static constexpr std::size_t limit = 3;  // different sessions
    std::map<std::string, std::int64_t> refused_;
    std::int64_t until_{};
};

}  // namespace cadenza::server
