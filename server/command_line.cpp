#include "server/command_line.hpp"

#include "server/doctor/doctor.hpp"
#include "server/end_sessions.hpp"
#include "server/http/static_host.hpp"
#include "server/version.hpp"
#include "shared/api/openapi.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace cadenza::server {
namespace {

namespace asio = boost::asio;

constexpr const char* usage = R"(cadenza-server [option]
  (none)           serve; the first line on stdout is "listening on URL", logs go to stderr
  --check-config   say what is wrong with the environment, or nothing
  --print-config   show the settings, without secrets
  --doctor         look at the settings and at what they name (Spotify, Redis, certificates, this machine),
                   and say what to do; with --json behind it, for programs
  --openapi        print the API's OpenAPI 3.1 document
  --healthcheck    ask the server that runs with these settings whether it is alive
  --print-headers vercel | netlify | nginx | caddy
                   what that host must be told to serve the built client as this server would
  --print-headers worker
                   what must be appended to the built client's sw.js there
  --end-sessions USER
                   end every session of a user in Redis; USER is a Spotify user id or the account in a log line
  --version        print the version
  --help           this text
Exit code: 0 fine, 1 failed, 2 bad usage or configuration.

Environment. )";

// Where a server that listens on `host` can be reached from this machine.
asio::ip::tcp::endpoint endpoint_to_ask(const Config& config) {
    boost::system::error_code ec;
    auto address = asio::ip::make_address(config.host, ec);
    if (address.is_unspecified())
        address = address.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                                  : asio::ip::address(asio::ip::address_v4::loopback());
    return {address, config.port};
}

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

template <class Stream>
asio::awaitable<bool> is_alive(Stream& stream) {
    constexpr std::string_view question =
        "GET /livez HTTP/1.1\r\nHost: healthcheck\r\nConnection: close\r\n\r\n";
    const auto [cut, sent] = co_await asio::async_write(stream, asio::buffer(question), as_result);
    if (cut) co_return false;
    constexpr std::string_view good = "HTTP/1.1 200 ";
    std::array<char, good.size()> answer{};
    const auto [ended, size] = co_await asio::async_read(stream, asio::buffer(answer), as_result);
    co_return std::string_view(answer.data(), size) == good;
}

// Not through http::Client, which rightly speaks plain http to loopback addresses only, and would not take a
// certificate that is for the name browsers know.
// By value: it may outlive the expression that made it. NOLINTNEXTLINE(performance-unnecessary-value-param)
asio::awaitable<void> ask(asio::ip::tcp::socket& socket, const asio::ip::tcp::endpoint endpoint,
                          asio::ssl::context* tls, bool& alive) {
    const auto [unreachable] = co_await socket.async_connect(endpoint, as_result);
    if (unreachable) co_return;
    if (!tls) {
        alive = co_await is_alive(socket);
        co_return;
    }
    asio::ssl::stream<asio::ip::tcp::socket&> stream(socket, *tls);
    const auto [refused] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (!refused) alive = co_await is_alive(stream);
}

int healthcheck(const Config& config) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    asio::io_context context(1);
    asio::ip::tcp::socket socket(context);
    bool alive = false;
    asio::co_spawn(context, ask(socket, endpoint_to_ask(config), config.serves_tls() ? &tls : nullptr, alive),
                   asio::detached);
    context.run_for(std::chrono::seconds(3));
    std::printf("%s\n", alive ? "alive" : "not alive");
    return alive ? 0 : 1;
}

std::optional<http::StaticHost> host_of(Command command) {
    switch (command) {
        case Command::headers_vercel: return http::StaticHost::vercel;
        case Command::headers_netlify: return http::StaticHost::netlify;
        case Command::headers_nginx: return http::StaticHost::nginx;
        case Command::headers_caddy: return http::StaticHost::caddy;
        default: return std::nullopt;
    }
}

int consult_doctor(bool json) {
    const auto read = read_config(process_environment(), read_whole_file);
    const auto* config = std::get_if<Config>(&read);
    const auto findings = config ? doctor::examine(*config)
                                 : doctor::config_findings(std::get<std::vector<ConfigProblem>>(read));
    const auto text = json ? doctor::as_json(findings, version) + "\n" : doctor::as_text(findings);
    std::fputs(text.c_str(), stdout);
    if (!config) return 2;
    return doctor::all_well(findings) ? 0 : 1;
}

int with_config(const CommandLine& asked) {
    const auto config = config_or_complain();
    if (!config) return 2;
    const auto command = asked.command;
    if (command == Command::healthcheck) return healthcheck(*config);
    if (command == Command::end_sessions) return end_sessions(*config, asked.operand);
    if (command == Command::print_config) std::fputs(describe(*config).c_str(), stdout);
    if (command == Command::headers_worker)
        std::fputs(http::worker_line(config->security_policy()).c_str(), stdout);
    if (const auto host = host_of(command))
        std::fputs(http::static_host_settings(*host, config->security_policy()).c_str(), stdout);
    return 0;
}

}  // namespace

std::optional<CommandLine> parse_command_line(int argc, char** argv) {
    constexpr std::array<std::pair<std::string_view, Command>, 13> options{
        {{"--check-config", Command::check_config},
         {"--print-config", Command::print_config},
         {"--doctor", Command::doctor},
         {"--doctor --json", Command::doctor_json},
         {"--openapi", Command::openapi},
         {"--healthcheck", Command::healthcheck},
         {"--print-headers vercel", Command::headers_vercel},
         {"--print-headers netlify", Command::headers_netlify},
         {"--print-headers nginx", Command::headers_nginx},
         {"--print-headers caddy", Command::headers_caddy},
         {"--print-headers worker", Command::headers_worker},
         {"--version", Command::version},
         {"--help", Command::help}}};
    if (argc == 1) return CommandLine{Command::serve, {}};
    std::string words(argv[1]);
    if (words == "--end-sessions" && argc == 3) return CommandLine{Command::end_sessions, argv[2]};
    for (int i = 2; i < argc; ++i) words.append(" ").append(argv[i]);
    for (const auto& [option, command] : options)
        if (option == words) return CommandLine{command, {}};
    std::fprintf(stderr, "cadenza-server: cannot use %s\n%s%s", argv[argc - 1], usage,
                 variables_help().c_str());
    return std::nullopt;
}

std::optional<Config> config_or_complain() {
    auto read = read_config(process_environment(), read_whole_file);
    if (auto* config = std::get_if<Config>(&read)) return std::move(*config);
    for (const auto& [variable, problem] : std::get<std::vector<ConfigProblem>>(read))
        std::fprintf(stderr, "%s: %s\n", variable.c_str(), problem.c_str());
    return std::nullopt;
}

int run_command(const CommandLine& asked) {
    switch (asked.command) {
        case Command::doctor: return consult_doctor(false);
        case Command::doctor_json: return consult_doctor(true);
        case Command::openapi: std::printf("%s\n", openapi_document(version).c_str()); return 0;
        case Command::version: std::printf("cadenza-server %s\n", version); return 0;
        case Command::help: std::printf("%s%s", usage, variables_help().c_str()); return 0;
        default: return with_config(asked);
    }
}

}  // namespace cadenza::server
