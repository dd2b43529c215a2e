// Cadenza's server: settings from the environment, then serving until it is told to stop.
#include "server/command_line.hpp"
#include "server/serve.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
    using namespace cadenza::server;
    const auto asked = parse_command_line(argc, argv);
    if (!asked) return 2;
    if (asked->command != Command::serve) return run_command(*asked);
    auto config = config_or_complain();
    return config ? serve(std::move(*config)) : 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "cadenza-server: %s\n", error.what());
    return 1;
}
