// Cadenza's server: settings from the environment, then serving until it is told to stop.
#include "server/command_line.hpp"
#include "server/serve.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

namespace {

using namespace cadenza::server;

Log log_for(const Config& config) {
    const auto usual = isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json;
    return Log(config.log_level, config.log_format.value_or(usual));
}

}  // namespace

int main(int argc, char** argv) try {
    const auto command = parse_command_line(argc, argv);
    if (!command) return 2;
    if (*command != Command::serve) return run_command(*command);
    auto config = config_or_complain();
    if (!config) return 2;
    const auto log = log_for(*config);
    return serve(std::move(*config), log);
} catch (const std::exception& error) {
    std::fprintf(stderr, "cadenza-server: %s\n", error.what());
    return 1;
}
