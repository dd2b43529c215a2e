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
    version,
    help
};

// nullopt: bad usage, already complained about on stderr.
std::optional<Command> parse_command_line(int argc, char** argv);

// Carries out everything but `serve`; the exit code.
int run_command(Command command);

// The configuration, or every problem on stderr and nullopt.
std::optional<Config> config_or_complain();

}  // namespace cadenza::server
