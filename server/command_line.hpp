#pragma once

#include "server/config.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cadenza::server {

enum class Command {
    serve,
    check_config,
    print_config,
    doctor,
    doctor_json,
    openapi,
    healthcheck,
    headers_vercel,
    headers_netlify,
    headers_nginx,
    headers_caddy,
    headers_worker,
    end_sessions,
    version,
    help
};

struct CommandLine {
    Command command{};
    std::string operand;  // of --end-sessions: whose
};

// nullopt: bad usage, already complained about on stderr.
std::optional<CommandLine> parse_command_line(int argc, char** argv);

// Carries out everything but `serve`; the exit code.
int run_command(const CommandLine& asked);

// The configuration, or every problem on stderr and nullopt.
std::optional<Config> config_or_complain();

}  // namespace cadenza::server
