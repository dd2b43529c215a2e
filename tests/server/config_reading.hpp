#pragma once

// Reads a configuration from variables, as the server would from its environment.

#include "server/config.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cadenza::server {

using Variables = std::map<std::string, std::string>;

inline auto read(const Variables& variables) {
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    const ReadFile files = [](const std::string& path) -> std::optional<std::string> {
        return path == "/secret" ? std::optional<std::string>("from-a-file\n") : std::nullopt;
    };
    return read_config(environment, files);
}

inline const std::string good_keys = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

inline Variables spotify(Variables more = {}) {
    more.insert({{"SPOTIFY_CLIENT_ID", "id"},
                 {"SPOTIFY_CLIENT_SECRET", "hush"},
                 {"SPOTIFY_REDIRECT_URI", "https://music.example.org/auth/callback"}});
    return more;
}

inline std::vector<std::string> complaints(const Variables& variables) {
    const auto result = read(variables);
    std::vector<std::string> out;
    if (const auto* problems = std::get_if<std::vector<ConfigProblem>>(&result))
        for (const auto& problem : *problems) out.push_back(problem.variable);
    return out;
}

}  // namespace cadenza::server
