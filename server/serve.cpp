#include "server/serve.hpp"

#include "server/server.hpp"
#include "server/supervisor.hpp"

#include <cstdio>

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

int serve_alone(Config config, const Log& log) {
    asio::io_context context(1);
    Server server(context, std::move(config), log);
    if (const auto started = server.start(); !started) return complain(started.error());
    announce(server.url());
    server.run();
    return 0;
}

int work(const Config& config, const Log& log, http::ListeningSocket socket,
         const std::function<void()>& started) {
    asio::io_context context(1);
    Server server(context, config, log);
    if (const auto begun = server.start(std::move(socket)); !begun) return complain(begun.error());
    started();
    server.run();
    return 0;
}

}  // namespace

int serve(Config config, const Log& log) {
    if (config.workers == 1) return serve_alone(std::move(config), log);
    auto sockets = http::listen_on(config.host, config.port, config.limits.backlog,
                                   static_cast<std::size_t>(config.workers));
    if (!sockets) return complain(sockets.error());
    constexpr std::chrono::seconds slack(5);  // beyond what a worker gives its own requests
    const Supervision supervision{
        .work = [&](http::ListeningSocket socket,
                    const auto& started) { return work(config, log, std::move(socket), started); },
        .ready = [&] { announce(config.own_origin); },
        .patience = config.shutdown_delay + config.shutdown_deadline + slack};
    return supervise(std::move(*sockets), supervision, log);
}

}  // namespace cadenza::server
