#pragma once

// Settings as an operator writes them, read as the server reads them.

#include "server/config.hpp"
#include "tests/support/catch.hpp"

#include <map>

namespace cadenza::server::doctor {

using Variables = std::map<std::string, std::string>;

inline Config settings_of(const Variables& variables) {
    const auto read = read_config(
        [&](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        [](const std::string&) { return std::optional<std::string>(); });
    if (const auto* problems = std::get_if<std::vector<ConfigProblem>>(&read))
        FAIL(problems->front().variable + ": " + problems->front().problem);
    return std::get<Config>(read);
}

// Of an app behind https.
inline Config app(Variables more = {}) {
    more.insert({{"SPOTIFY_CLIENT_ID", "0123456789abcdef0123456789abcdef"},
                 {"SPOTIFY_CLIENT_SECRET", "hush-hush"},
                 {"SPOTIFY_REDIRECT_URI", "https://music.example.org/auth/callback"}});
    return settings_of(more);
}

}  // namespace cadenza::server::doctor
