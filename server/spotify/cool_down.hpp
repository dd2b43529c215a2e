#pragma once

#include "server/http/client.hpp"
#include "server/http/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

// Spotify asked for no requests of this app until then. There are two kinds: too many within 30 seconds,
// which passes in seconds, and too many within the day, which takes hours and gets longer by asking.
struct CoolDown {
    std::int64_t until{};  // ms since 1970
    bool quota{};

    bool operator==(const CoolDown&) const = default;
};

inline constexpr std::int64_t longest_cool_down_ms = 24LL * 3'600'000;

// What a 429 asks for. Retry-After was seen absent, as 0 and as nonsense: that is a second at least, a minute
// for the quota; more than a day is a day. Without a reason in the body, ten minutes or more mean the quota.
CoolDown cool_down_of(const http::ClientResponse& answer, std::int64_t now);

// "quota 1700000000000" or "rate 1700000000000", as it is written down, and back. nullopt for other text.
std::string to_text(const CoolDown& cooling);
std::optional<CoolDown> read_cool_down(std::string_view text);

// quota_cooldown or rate_limited, with the time it ends.
http::Failure failure_of(const CoolDown& cooling);

}  // namespace cadenza::server
