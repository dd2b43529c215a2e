#pragma once

// Instants are milliseconds since 1970, as everywhere on the wire. No clock here: `now` is always a
// parameter.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cadenza {

// "3:07", and "1:02:03" from one hour on. Negative durations read as zero.
std::string format_duration(std::int64_t duration_ms);
// "3 minutes 7 seconds", for screen readers.
std::string spell_duration(std::int64_t duration_ms);
// "1 hr 12 min", "43 min": the length of a list. Under a minute: "1 min".
std::string format_total(std::int64_t duration_ms);

// "3 Mar 2026" in UTC.
std::string format_date(std::int64_t instant);
// How long ago, coarsely: "just now", "5 min ago", "2 h ago", "yesterday", "6 days ago", then the date.
std::string format_age(std::int64_t instant, std::int64_t now);

// RFC 3339 in UTC: "2026-03-03T10:20:30Z", with or without a fraction. Errors: nullopt.
std::optional<std::int64_t> parse_instant(std::string_view text);
// "2026-03-03T10:20:30Z"
std::string format_instant(std::int64_t instant);

}  // namespace cadenza
