#include "server/server.hpp"

#include "server/config_sessions.hpp"
#include "server/redis/connect.hpp"
#include "server/site_folder.hpp"
#include "server/spotify/measured_transport.hpp"
#include "server/version.hpp"

#include <csignal>
#include <cstdlib>
#include <malloc.h>

namespace cadenza::server {

Server::Server(asio::io_context& context, Config config, Log log, std::function<std::uint64_t()> lost_lines)
    : context_(context),
      config_(std::move(config)),
      log_(std::move(log)),
      lost_lines_(std::move(lost_lines)),
      metrics_(version),
      signals_(context, SIGINT, SIGTERM),
      hangups_(context, SIGHUP),
      tls_(asio::ssl::context::tls_client),
      client_(context.get_executor(), tls_, {.system_authorities = true}) {
    transport_ = [this](http::ClientRequest request, std::chrono::milliseconds timeout) {
        return client_.send(std::move(request), timeout);
    };
    report_errors();
    if (config_.session_keys.empty()) {
        keys_.emplace(KeyRing::fresh());
        if (!config_.demo)
            log_.warn("session_keys_made",
                      {{"hint", "sign-ins under way end with a restart; set SESSION_KEYS"}});
    } else {
        keys_.emplace(config_.session_keys);
    }
    declare_keys();
    keys_->watch(
        [this](std::string_view id, std::string_view outcome) { metrics_.cookie_open.add({id, outcome}); });
}

Server::~Server() = default;

void Server::declare_keys() {
    for (auto& id : keys_->ids()) metrics_.cookie_open.declare("kid", std::move(id));
}

Result<std::optional<http::StaticFiles>> Server::load_site() const {
    if (config_.static_dir.empty()) return std::optional<http::StaticFiles>{};
    auto files = http::StaticFiles::load(site_folder(config_.static_dir));
    if (!files) return files.error();
    return std::optional<http::StaticFiles>(std::move(*files));
}

void Server::connect_redis() {
    redis_ = redis::connect(context_.get_executor(), *config_.redis,
                            [this](redis::Transition transition, std::string_view detail) {
                                const bool connected = transition == redis::Transition::connected;
                                if (connected)
                                    log_.info("redis_connected", {{"where", detail}});
                                else
                                    log_.warn("redis_lost", {{"why", detail}});
                                metrics_.redis_connected.set(connected ? 1 : 0);
                                if (config_.session_store == SessionStoreKind::redis)
                                    app_->readiness().report("store", connected, clock_());
                            });
}

Status Server::start(std::optional<http::ListeningSocket> socket, std::optional<WorkerAdmin> admin) {
    if (config_.redis) connect_redis();
    auto site = load_site();
    if (!site) return site.error();
    http::ListenerOptions options;
    options.limits = config_.limits;
    options.trusted_proxies = config_.trusted_proxies;
    if (config_.serves_tls()) {
        certificate_.emplace(config_.tls_cert_file, config_.tls_key_file);
        if (auto loaded = certificate_->load(); !loaded) return loaded;
        options.tls = &*certificate_;
    }
    options.refuse = [this](const http::Refusal& refusal, const http::Request& request) {
        return app_->refuse(refusal, request);
    };
    options.log_bug = [this](std::string_view what) { log_.error("bug", {{"what", what}}); };
    listener_.emplace(
        context_.get_executor(),
        [this](http::Request request) {
            if (demo_ && demo_->serves(request)) return demo_->handle(std::move(request));
            return app_->handle(std::move(request));
        },
        std::move(options));
    auto bound = socket ? listener_->adopt(std::move(*socket)) : listener_->bind(config_.host, config_.port);
    if (!bound) return bound;

    // From here on the ports are known, on which addresses depend in demo mode.
    if (config_.demo) {
        demo_.emplace(context_.get_executor(), config_.demo_same_origin);
        if (auto started = demo_->start(config_); !started) return started;
        settle_demo(config_, listener_->port(), demo_->port());
        demo_->settle(config_);
        transport_ = demo_->transport(std::move(transport_));
    }
    transport_ = measured_transport(std::move(transport_), metrics_);
    stores_.emplace(
        Stores::Surroundings{context_.get_executor(), config_, *keys_, clock_, log_, redis_.get(),
                             [this](std::string_view reason) { metrics_.sessions_ended.add({reason}); }});
    sessions_.emplace(stores_->sessions(), name(config_.session_store), metrics_);
    services_.emplace(Services{context_.get_executor(), config_, log_, clock_, *keys_, *sessions_, transport_,
                               metrics_, redis_.get()});
    app_.emplace(*services_, std::move(*site));
    if (config_.store_fallback != StoreFallback::none) app_->readiness().tolerate("store");
    if (auto started = start_admin(std::move(admin)); !started) return started;
    listener_->start();
    ::malloc_trim(0);  // what only the start needed
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

Status Server::start_admin(std::optional<WorkerAdmin> worker) {
    if (!config_.admin) return {};
    std::optional<http::ListeningSocket> socket;
    if (worker) {
        socket = std::move(worker->socket);
        share_.emplace(worker->metrics);
        asio::co_spawn(context_, share_metrics(), asio::detached);
    } else {
        auto opened = listen_for_admin(*config_.admin, log_);
        if (!opened) return opened.error();
        socket = std::move(*opened);
    }
    if (!socket) return {};
    admin_.emplace(context_.get_executor(), [this] {
        if (!share_) return metrics();
        publish_metrics();
        return share_->sum();
    });
    return admin_->start(std::move(*socket));
}

asio::awaitable<void> Server::share_metrics() {
    asio::steady_timer pause(context_);
    while (true) {
        publish_metrics();
        pause.expires_after(std::chrono::seconds(1));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

void Server::publish_metrics() {
    if (share_->publish(metrics()) || unshared_) return;
    unshared_ = true;  // said once
    log_.error("metrics_too_long", {{"most_bytes", static_cast<std::int64_t>(SharedMetrics::most_bytes)}});
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

void Server::run(const Notifier& manager) {
    const auto wait = [&]() -> asio::awaitable<void> {
        co_await signals_.async_wait(asio::use_awaitable);
        signals_.async_wait([](const auto& ec, int) {
            if (!ec) std::_Exit(1);
        });
        manager.stopping();
        co_await stop();
        context_.stop();
    };
    asio::co_spawn(context_, wait(), asio::detached);
    asio::co_spawn(context_, reload_on_hangup(manager), asio::detached);
    asio::co_spawn(context_, keep_alive(manager), asio::detached);
    context_.run();
}

asio::awaitable<void> Server::reload_on_hangup(const Notifier& manager) {
    while (true) {
        co_await hangups_.async_wait(asio::use_awaitable);
        manager.reloading();
        reload(process_environment(), read_whole_file);
        manager.ready();
    }
}

asio::awaitable<void> Server::keep_alive(const Notifier& manager) {
    const auto interval = manager.interval();
    asio::steady_timer pause(context_);
    while (interval) {
        manager.alive();
        pause.expires_after(*interval);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

void Server::reload(const Environment& environment, const ReadFile& read_file) {
    reload_keys(environment, read_file);
    reload_certificate();
}

void Server::reload_keys(const Environment& environment, const ReadFile& read_file) {
    auto read = read_session_keys(environment, read_file);
    if (const auto* problems = std::get_if<std::vector<ConfigProblem>>(&read)) {
        for (const auto& [variable, problem] : *problems)
            log_.error("session_keys_kept", {{"name", variable}, {"problem", problem}});
        return;
    }
    auto& keys = std::get<std::vector<SealingKey>>(read);
    if (keys.empty()) return;  // those made at the start stay
    keys_->reload(std::move(keys));
    declare_keys();
    log_.info("session_keys_loaded", {{"sealing", keys_->ids().front()}});
}

void Server::reload_certificate() {
    if (!certificate_) return;
    if (const auto loaded = certificate_->load(); loaded)
        log_.info("certificate_reloaded");
    else
        log_.error("certificate_kept", {{"problem", loaded.error().detail}});
}

asio::awaitable<void> Server::stop() {
    log_.info("stopping");
    app_->readiness().stop();
    asio::steady_timer delay(context_, config_.shutdown_delay);
    co_await delay.async_wait(asio::use_awaitable);
    co_await listener_->drain(config_.shutdown_deadline);
    if (share_) publish_metrics();  // the others may still be asked
    if (admin_) co_await admin_->drain();
    if (reporter_) co_await reporter_->flush(std::chrono::seconds(2));
}

}  // namespace cadenza::server
