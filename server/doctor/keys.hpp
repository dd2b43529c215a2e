#pragma once

// The keys that seal cookies and sessions.

#include "server/doctor/finding.hpp"

#include <string_view>

namespace cadenza::server::doctor {

// Whether bytes look as a generator makes them and not as somebody typed them: enough different ones, no
// pattern that repeats or counts, not all of them text. Of 32 random bytes fewer than one set in 10^12 does
// not.
bool looks_random(std::string_view bytes);

// The year an id tells: "2026a", "20261101"; nullopt when it tells none.
std::optional<int> year_of(std::string_view key_id);

// `now`: milliseconds since 1970.
Finding session_keys(const Config& config, std::int64_t now);

}  // namespace cadenza::server::doctor
