// Cadenza's server: settings from the environment, one event loop, a graceful end.
#include "server/command_line.hpp"
#include "server/server.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

namespace {

using namespace cadenza::server;

Log log_for(const Config& config) {
    const auto usual = isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json;
    return Log(config.log_level, config.log_format.value_or(usual));
}

int serve(Config config) {
    const auto log = log_for(config);
    boost::asio::io_context context(1);
    Server server(context, std::move(config), log);
    if (const auto started = server.start(); !started) {
        std::fprintf(stderr, "cadenza-server: %s\n", started.error().detail.c_str());
        return 1;
    }
    std::printf("listening on %s\n", server.url().c_str());
    std::fflush(stdout);
    server.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto command = parse_command_line(argc, argv);
    if (!command) return 2;
    if (*command != Command::serve) return run_command(*command);
    auto config = config_or_complain();
    return config ? serve(std::move(*config)) : 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "cadenza-server: %s\n", error.what());
    return 1;
}
