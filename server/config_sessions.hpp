#pragma once

// The settings of sessions: where they live, for how long, what seals them, and how many processes
// share them.

#include "server/config_reader.hpp"

#include <variant>
#include <vector>

namespace cadenza::server {

void read_sessions(ConfigReader& reader, Config& config);

// SESSION_KEYS alone, as SIGHUP wants them; empty when there are none in the settings.
std::variant<std::vector<SealingKey>, std::vector<ConfigProblem>> read_session_keys(
    const Environment& environment, const ReadFile& read_file);

// "redis", "memory", "none" …, as the settings spell them.
const char* name(SessionStoreKind kind) noexcept;
const char* name(StoreFallback fallback) noexcept;

}  // namespace cadenza::server
