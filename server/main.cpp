// Cadenza's server: settings from the environment, one event loop, a graceful end.
#include "server/command_line.hpp"
#include "server/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
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
    // Before anybody is told that it runs: who starts it may stop it at once.
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    Server server(context, std::move(config), log);
    if (const auto started = server.start(); !started) {
        std::fprintf(stderr, "cadenza-server: %s\n", started.error().detail.c_str());
        return 1;
    }
    std::printf("listening on %s\n", server.url().c_str());
    std::fflush(stdout);

    const auto wait = [&]() -> boost::asio::awaitable<void> {
        co_await signals.async_wait(boost::asio::use_awaitable);
        // A second signal ends it at once.
        signals.async_wait([](const auto&, int) { std::_Exit(1); });
        co_await server.stop();
        context.stop();
    };
    boost::asio::co_spawn(context, wait(), boost::asio::detached);
    context.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto command = parse_command_line(argc, argv);
    if (!command) return 2;
    if (*command != Command::serve) return run_command(*command);
    auto config = config_or_complain();
    return config ? serve(std::move(*config)) : 2;
}
