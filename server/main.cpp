// Cadenza's server: settings from the environment, one event loop, a graceful end.
#include "server/base/log_writer.hpp"
#include "server/command_line.hpp"
#include "server/server.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

namespace {

using namespace cadenza::server;

LogFormat format_for(const Config& config) {
    const auto usual = isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json;
    return config.log_format.value_or(usual);
}

LogWriter::Options writer_options(LogFormat format) {
    LogWriter::Options options;
    options.lost_line = [format](std::uint64_t lost) {
        return log_line(format, Level::warn, "log_lines_lost", {{"count", static_cast<std::int64_t>(lost)}});
    };
    return options;
}

int serve(Config config) {
    const auto format = format_for(config);
    LogWriter writer(STDERR_FILENO, writer_options(format));
    Log log(config.log_level, format, [&writer](std::string_view line) { writer.write(line); });
    boost::asio::io_context context(1);
    Server server(context, std::move(config), std::move(log), [&writer] { return writer.lost(); });
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
