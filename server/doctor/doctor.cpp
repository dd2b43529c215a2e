#include "server/doctor/doctor.hpp"

#include "server/base/clock.hpp"
#include "server/base/state_folder.hpp"
#include "server/doctor/addresses.hpp"
#include "server/doctor/asking.hpp"
#include "server/doctor/keys.hpp"
#include "server/doctor/machine.hpp"
#include "server/doctor/settings.hpp"
#include "server/http/server_tls.hpp"
#include "server/http/static_files.hpp"
#include "server/site_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <sys/resource.h>

namespace cadenza::server::doctor {
namespace {

Finding look_at_own_certificate(const Config& config) {
    Status loaded;
    std::string pem;
    if (config.serves_tls()) {
        loaded = http::ServerTls(config.tls_cert_file, config.tls_key_file).load();
        pem = read_whole_file(config.tls_cert_file).value_or("");
    }
    return own_certificate(config, loaded, pem, system_now());
}

Finding look_at_open_files(const Config& config) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return {"open_files", State::skipped, "the system does not tell", ""};
    return open_files(config, limit.rlim_max);
}

Finding look_at_site(const Config& config) {
    if (config.static_dir.empty()) return static_site(config, std::string());
    const auto files = http::StaticFiles::load(site_folder(config.static_dir));
    if (!files) return static_site(config, files.error());
    return static_site(config, std::string(files->content("/index.html")));
}

// How far this machine's clock is ahead of Spotify's, if that answered.
asio::awaitable<std::optional<std::chrono::milliseconds>> examine_spotify(const Config& config,
                                                                          const Transport& transport,
                                                                          Findings& out) {
    if (config.demo) {
        for (const char* check : {"accounts", "credentials", "api"})
            out.push_back({check, State::skipped, "demo mode: the emulator stands in for Spotify", ""});
        co_return std::nullopt;
    }
    const auto token = co_await ask_for_token(transport, config);
    out.push_back(service("accounts", "SPOTIFY_ACCOUNTS_URL", token));
    out.push_back(credentials(config, token));
    const auto api = co_await ask_service(transport, config.api_url + "/me");
    out.push_back(service("api", "SPOTIFY_API_URL", api));
    co_return token.ahead ? token.ahead : api.ahead;
}

asio::awaitable<void> examine_addresses(const Config& config, const Transport& transport, Findings& out) {
    Asked backend;
    if (const auto address = backend_question(config); !address.empty())
        backend = co_await ask_service(transport, address, "*/*");
    out.push_back(backend_address(config, backend));
    Asked frontend;
    if (const auto address = frontend_question(config); !address.empty())
        frontend = co_await ask_service(transport, address, "text/html");
    out.push_back(frontend_address(config, frontend));
}

asio::awaitable<void> examine_all(const Config& config, const Transport& transport, Findings& out) {
    const auto executor = co_await asio::this_coro::executor;
    const auto ahead = co_await examine_spotify(config, transport, out);
    RedisFacts redis{};
    if (config.redis) redis = co_await ask_redis(executor, *config.redis);
    for (auto& finding : redis_findings(config, redis)) out.push_back(std::move(finding));
    out.push_back(clock(ahead ? ahead : redis.ahead));
    out.push_back(session_keys(config, system_now()));
    out.push_back(look_at_own_certificate(config));
    Shown shown;
    if (config.secure()) shown = co_await look_at(executor, config.own_origin);
    out.push_back(public_certificate(config, shown, system_now()));
    co_await examine_addresses(config, transport, out);
    out.push_back(look_at_open_files(config));
    out.push_back(state_folder(config, check_state_folder(config.state_dir)));
    out.push_back(look_at_site(config));
}

}  // namespace

Findings examine(const Config& config) {
    Findings out{{"settings", State::ok, "every variable can be used", ""}};
    for (auto& finding : settings_findings(config)) out.push_back(std::move(finding));
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_default_verify_paths();
    asio::io_context context(1);
    http::Client client(context.get_executor(), tls);
    const Transport transport = [&client](http::ClientRequest request, std::chrono::milliseconds timeout) {
        return client.send(std::move(request), timeout);
    };
    asio::co_spawn(context, examine_all(config, transport, out), [&context](const std::exception_ptr& error) {
        context.stop();  // a name that is still being looked up is not waited for
        if (error) std::rethrow_exception(error);
    });
    context.run();
    return out;
}

}  // namespace cadenza::server::doctor
