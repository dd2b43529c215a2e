#pragma once

#include "server/session/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

// A session as JSON, with its tokens: only ever written sealed. Servers of two versions may read each
// other's: what is unknown is left out, and what comes new must be optional.
std::string to_text(const Session& session);
std::optional<Session> session_from_text(std::string_view text);

// The same for what lists show.
std::string to_text(const SessionSummary& summary);
std::optional<SessionSummary> summary_from_text(std::string_view text);

}  // namespace cadenza::server
