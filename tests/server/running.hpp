#pragma once

// The server as main() makes it, from environment variables.

#include "server/server.hpp"
#include "tests/server/harness.hpp"

namespace cadenza::server {

using Variables = std::map<std::string, std::string>;

inline Config config_of(Variables variables) {
    variables.insert({{"PORT", "0"}, {"EMULATOR_PORT", "0"}, {"ADMIN_ADDR", ""}});
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    auto read = read_config(environment, read_whole_file);
    REQUIRE(std::holds_alternative<Config>(read));
    return std::get<Config>(std::move(read));
}

struct Running {
    // `change` is for what no variable says.
    explicit Running(
        Variables variables, const std::function<void(Config&)>& change = [](Config&) {})
        : server(context, changed(config_of(std::move(variables)), change), log) {}
    ~Running() { secrets.expect_none_in(lines); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    http::ClientResponse ask(Method method, const std::string& url, http::Headers headers = {}) {
        headers.add("Cookie", jar.header());
        const auto path = url.find('/', 8);
        http::ClientRequest request{.method = method,
                                    .origin = url.substr(0, path),
                                    .target = url.substr(path),
                                    .headers = std::move(headers)};
        std::optional<Result<http::ClientResponse>> answer;
        asio::co_spawn(context, client.send(request, std::chrono::seconds(20)),
                       [&](const std::exception_ptr&, Result<http::ClientResponse> got) {
                           answer.emplace(std::move(got));
                       });
        while (!answer) context.run_one();
        REQUIRE(*answer);
        jar.take(**answer);
        secrets.learn(**answer);
        return std::move(**answer);
    }
    http::ClientResponse get(const std::string& target, http::Headers headers = {}) {
        return ask(Method::get, server.url() + target, std::move(headers));
    }
    // Through /authorize, by the demo's short cut, and back.
    std::string sign_in() {
        const auto login = get("/auth/login?return_to=/settings&demo=1");
        authorize = Harness::location(login);
        return Harness::location(ask(Method::get, Harness::location(ask(Method::get, authorize))));
    }
    void stop() {
        bool stopped = false;
        asio::co_spawn(context, server.stop(), [&](const std::exception_ptr&) { stopped = true; });
        while (!stopped) context.run_one();
    }

    static Config changed(Config config, const std::function<void(Config&)>& change) {
        change(config);
        return config;
    }

    asio::io_context context{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    http::Client client{context.get_executor(), tls};
    Secrets secrets;
    std::vector<std::string> lines;
    Log log{Level::debug, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    Server server;
    Jar jar;
    std::string authorize;
};

}  // namespace cadenza::server
