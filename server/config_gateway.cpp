#include "server/config_gateway.hpp"

namespace cadenza::server {
namespace {

bool is_absolute(const std::string& path) { return path.starts_with('/'); }

// Where the system keeps such things: a service manager's folder, or the user's.
std::string usual_state_dir(const ConfigReader& reader, const Config& config) {
    if (const auto given = reader.raw("STATE_DIRECTORY")) {
        const auto first = given->substr(0, given->find(':'));
        if (is_absolute(first)) return first;
    }
    // An emulator has its own time, and nothing that is worth a file at home.
    if (config.api_url != spotify_api_url) return {};
    if (const auto states = reader.raw("XDG_STATE_HOME"); states && is_absolute(*states))
        return *states + "/cadenza";
    if (const auto home = reader.raw("HOME"); home && is_absolute(*home))
        return *home + "/.local/state/cadenza";
    return {};
}

std::string read_state_dir(ConfigReader& reader, const Config& config) {
    if (config.demo) return {};
    const auto given = reader.raw("STATE_DIR");
    if (!given) return usual_state_dir(reader, config);
    if (!given->empty() && !is_absolute(*given))
        reader.complain("STATE_DIR",
                        "\"" + *given + "\" is not a whole path, such as /var/lib/cadenza; empty: none");
    return *given;
}

}  // namespace

void read_gateway(ConfigReader& reader, Config& config) {
    // About what Spotify lets an app of 2026 have; the emulator has no limit.
    constexpr std::int64_t usual = 1'000;
    config.daily_budget = reader.number("SPOTIFY_DAILY_BUDGET", config.demo ? 0 : usual, 0, 1'000'000);
    config.state_dir = read_state_dir(reader, config);
}

}  // namespace cadenza::server
