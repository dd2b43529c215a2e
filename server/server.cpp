#include "server/server.hpp"

#include "server/session/measured_session_store.hpp"
#include "server/session/memory_session_store.hpp"
#include "server/spotify/measured_transport.hpp"
#include "server/version.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace cadenza::server {
namespace {

// "../site" is beside the binary, wherever that was started from.
std::string site_folder(const std::string& setting) {
    namespace fs = std::filesystem;
    const fs::path path(setting);
    if (path.is_absolute()) return setting;
    std::error_code ec;
    const auto binary = fs::read_symlink("/proc/self/exe", ec);
    return ec ? setting : (binary.parent_path() / path).lexically_normal().string();
}

}  // namespace

Server::Server(asio::io_context& context, Config config, Log log, std::function<std::uint64_t()> lost_lines)
    : context_(context),
      config_(std::move(config)),
      log_(std::move(log)),
      lost_lines_(std::move(lost_lines)),
      metrics_(version),
      signals_(context, SIGINT, SIGTERM),
      tls_(asio::ssl::context::tls_client),
      client_(context.get_executor(), tls_) {
    tls_.set_default_verify_paths();
    for (const auto& [name, problem] : config_.without_effect)
        log_.warn("setting_without_effect", {{"name", name}, {"hint", problem}});
    transport_ = [this](http::ClientRequest request, std::chrono::milliseconds timeout) {
        return client_.send(std::move(request), timeout);
    };
    MemorySessionStore::Options options;
    options.idle = config_.session_idle;
    options.absolute = config_.session_absolute;
    sessions_ = std::make_unique<MeasuredSessionStore>(std::make_unique<MemorySessionStore>(options),
                                                       "memory", metrics_);
    report_errors();
    if (config_.session_keys.empty()) {
        keys_.emplace(KeyRing::fresh());
        if (!config_.demo)
            log_.warn("session_keys_made",
                      {{"hint", "sign-ins under way end with a restart; set SESSION_KEYS"}});
    } else {
        keys_.emplace(config_.session_keys);
    }
    for (auto& id : keys_->ids()) metrics_.cookie_open.declare("kid", std::move(id));
    keys_->watch(
        [this](std::string_view id, std::string_view outcome) { metrics_.cookie_open.add({id, outcome}); });
}

Server::~Server() = default;

Result<std::optional<http::StaticFiles>> Server::load_site() const {
    if (config_.static_dir.empty()) return std::optional<http::StaticFiles>{};
    auto files = http::StaticFiles::load(site_folder(config_.static_dir));
    if (!files) return files.error();
    return std::optional<http::StaticFiles>(std::move(*files));
}

Status Server::start() {
    auto site = load_site();
    if (!site) return site.error();
    http::ListenerOptions options;
    options.limits = config_.limits;
    options.refuse = [this](const http::Refusal& refusal) { return app_->refuse(refusal); };
    options.log_bug = [this](std::string_view what) { log_.error("bug", {{"what", what}}); };
    listener_.emplace(
        context_.get_executor(),
        [this](http::Request request) {
            if (demo_ && demo_->serves(request)) return demo_->handle(std::move(request));
            return app_->handle(std::move(request));
        },
        std::move(options));
    if (auto bound = listener_->bind(config_.host, config_.port); !bound) return bound;

    // From here on the ports are known, on which addresses depend in demo mode.
    if (config_.demo) {
        demo_.emplace(context_.get_executor(), config_.demo_same_origin);
        if (auto started = demo_->start(config_); !started) return started;
        settle_demo(config_, listener_->port(), demo_->port());
        demo_->settle(config_);
        transport_ = demo_->transport(std::move(transport_));
    }
    transport_ = measured_transport(std::move(transport_), metrics_);
    services_.emplace(
        Services{context_.get_executor(), config_, log_, clock_, *keys_, *sessions_, transport_, metrics_});
    app_.emplace(*services_, std::move(*site));
    if (auto started = start_admin(); !started) return started;
    listener_->start();
    return {};
}

void Server::report_errors() {
    if (!config_.sentry_dsn) return;
    sentry::Reporter::Options options;
    options.dsn = *config_.sentry_dsn;
    options.origin = {"cadenza@" + std::string(version), config_.demo ? "demo" : "production"};
    options.on_trouble = [this](int status) { log_.warn("sentry_refuses", {{"status", status}}); };
    reporter_.emplace(context_.get_executor(), client_, clock_, std::move(options));
    log_.watch_errors(
        [this](std::string_view event, LogFields fields) { reporter_->capture(event, fields); });
}

Status Server::start_admin() {
    if (!config_.admin) return {};
    admin_.emplace(context_.get_executor(), [this] { return metrics(); });
    auto started = admin_->start(config_.admin->host, config_.admin->port);
    if (started) {
        config_.admin->port = admin_->port();
        log_.info("admin_listening", {{"address", config_.admin->text()}});
        return {};
    }
    admin_.reset();
    if (config_.admin->required) return Error{started.error().code, "ADMIN_ADDR: " + started.error().detail};
    log_.warn("admin_unavailable",
              {{"address", config_.admin->text()}, {"hint", "no metrics; set ADMIN_ADDR to a free address"}});
    return {};
}

MetricsSnapshot Server::metrics() {
    if (app_) app_->measure();
    if (listener_) {
        const auto idle = listener_->idle_connections();
        metrics_.connections.set(static_cast<double>(listener_->connections() - idle), {"active"});
        metrics_.connections.set(static_cast<double>(idle), {"idle"});
    }
    metrics_.log_dropped.set(static_cast<double>(lost_lines_()));
    return metrics_.snapshot();
}

void Server::run() {
    std::signal(SIGHUP, SIG_IGN);
    const auto wait = [&]() -> asio::awaitable<void> {
        co_await signals_.async_wait(asio::use_awaitable);
        signals_.async_wait([](const auto& ec, int) {
            if (!ec) std::_Exit(1);
        });
        co_await stop();
        context_.stop();
    };
    asio::co_spawn(context_, wait(), asio::detached);
    context_.run();
}

asio::awaitable<void> Server::stop() {
    log_.info("stopping");
    app_->stop_being_ready();
    asio::steady_timer delay(context_, config_.shutdown_delay);
    co_await delay.async_wait(asio::use_awaitable);
    co_await listener_->drain(config_.shutdown_deadline);
    if (admin_) co_await admin_->drain();
    if (reporter_) co_await reporter_->flush(std::chrono::seconds(2));
}

}  // namespace cadenza::server
