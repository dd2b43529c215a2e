#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cadenza::server {

// How urgent a request to Spotify is; the less urgent ones stop first when the day's requests run out.
enum class Priority {
    interactive,  // somebody waits for it
    sync,         // keeps a copy up to date
    prefetch,     // may turn out to be useful
};
inline constexpr std::size_t priorities = 3;
inline constexpr std::array<std::string_view, priorities> priority_names{"interactive", "sync", "prefetch"};

// From a request's field `Priority` (RFC 9218): urgency 0 to 3, the default, is interactive, 4 and 5 are
// sync, 6 and 7 prefetch. What cannot be read is interactive: nobody loses by a field they do not send.
Priority priority_of(std::string_view field) noexcept;

}  // namespace cadenza::server
