#include "server/serve.hpp"

#include "server/base/log_writer.hpp"
#include "server/open_files.hpp"
#include "server/server.hpp"
#include "server/supervisor.hpp"

#include <cstdio>
#include <unistd.h>

namespace cadenza::server {
namespace {

void announce(const std::string& url) {
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
}

int complain(const Error& error) {
    std::fprintf(stderr, "cadenza-server: %s\n", error.detail.c_str());
    return 1;
}

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

// One process that serves, with its loop and the thread that writes its log, until it is told to stop.
int work(Config config, std::optional<http::ListeningSocket> socket, std::optional<WorkerAdmin> admin,
         const Notifier& manager, const std::function<void(const std::string& url)>& started) {
    const auto format = format_for(config);
    LogWriter writer(STDERR_FILENO, writer_options(format));
    Log log(config.log_level, format, [&writer](std::string_view line) { writer.write(line); });
    asio::io_context context(1);
    Server server(context, std::move(config), std::move(log), [&writer] { return writer.lost(); });
    if (const auto begun = server.start(std::move(socket), std::move(admin)); !begun)
        return complain(begun.error());
    started(server.url());
    server.run(manager);
    return 0;
}

// The supervisor has no thread to write for it, since it forks; and little to say.
void write_at_once(std::string_view line) {
    while (!line.empty()) {
        const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

int supervise_workers(Config config, const Notifier& manager, const Log& log) {
    const auto count = static_cast<std::size_t>(config.workers);
    auto sockets = http::listen_on(config.host, config.port, config.limits.backlog, count);
    if (!sockets) return complain(sockets.error());
    std::optional<http::ListeningSocket> admin;
    if (config.admin) {
        auto opened = listen_for_admin(*config.admin, log);
        if (!opened) return complain(opened.error());
        admin = std::move(*opened);
        if (!admin) config.admin.reset();
    }
    SharedMetrics metrics(count);
    const auto work_as = [&](std::size_t number, http::ListeningSocket socket, const auto& started) {
        std::optional<WorkerAdmin> own;
        if (admin) own.emplace(WorkerAdmin{std::move(*admin), MetricsShare(metrics, number)});
        return work(config, std::move(socket), std::move(own), Notifier(log),
                    [&](const auto&) { started(); });
    };
    constexpr std::chrono::seconds slack(5);  // beyond what a worker gives its own requests
    const Supervision supervision{
        .work = work_as,
        .ready = [&] { announce(config.own_origin); },
        .manager = manager,
        .on_start = [&](std::size_t number, pid_t pid) { metrics.started(number, pid); },
        .on_end = [&](std::size_t number) { metrics.ended(number); },
        .patience = config.shutdown_delay + config.shutdown_deadline + slack};
    return supervise(std::move(*sockets), supervision, log);
}

}  // namespace

int serve(Config config) {
    const Log log(config.log_level, format_for(config), write_at_once);
    const Notifier manager(process_environment(), log);
    raise_open_files(config.limits.connections, log);
    if (config.workers > 1) return supervise_workers(std::move(config), manager, log);
    return work(std::move(config), std::nullopt, std::nullopt, manager, [&](const std::string& url) {
        announce(url);
        manager.ready();
    });
}

}  // namespace cadenza::server
