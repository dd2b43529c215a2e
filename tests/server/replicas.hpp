#pragma once

// Several servers over one Redis, with the emulator as Spotify.

#include "server/session/redis_session_store.hpp"
#include "tests/server/harness.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace cadenza::server {

inline const std::string invalid_grant = R"({"error":"invalid_grant"})";

inline bool is_token(const http::ClientRequest& request) { return request.target.ends_with("/api/token"); }

// One more server over the same Redis, without a port: requests are handed to it.
struct Replica {
    Replica(Harness& server, const std::string& socket)
        : client(socket),
          store(client, server.keys, server.log, {}),
          services{server.context.get_executor(),
                   server.config,
                   server.log,
                   server.clock,
                   server.keys,
                   store,
                   server.transport,
                   server.metrics,
                   &client},
          app(services, std::nullopt) {}

    PlainRedis client;
    RedisSessionStore store;
    Services services;
    App app;
};

struct Cluster {
    explicit Cluster(int count = 3) {
        for (int i = 0; i < count; ++i)
            replicas.push_back(std::make_unique<Replica>(server, process.socket()));
        server.use(replicas[0]->store);
        server.sign_in();
        server.upstream.clear();
    }

    // What needs a living token and nothing else of Spotify.
    http::Request request() const {
        http::Request out;
        out.method = Method::post;
        out.path = "/api/player/token";
        out.headers = server.post_fields({{"Host", server.config.own_origin.substr(7)}});
        return out;
    }
    // `each` requests to each replica at the same time; their statuses.
    std::vector<int> ask_all(int each) {
        std::vector<int> statuses;
        const auto count = static_cast<std::size_t>(each) * replicas.size();
        for (std::size_t i = 0; i < count; ++i)
            asio::co_spawn(server.context, replicas[i % replicas.size()]->app.handle(request()),
                           [&](const std::exception_ptr&, const http::Response& answer) {
                               statuses.push_back(answer.status);
                           });
        while (statuses.size() < count) server.context.run_one();
        return statuses;
    }
    // Under way until the test awaits its status.
    std::shared_ptr<std::optional<int>> begin(std::size_t replica) {
        const auto status = std::make_shared<std::optional<int>>();
        asio::co_spawn(
            server.context, replicas[replica]->app.handle(request()),
            [=](const std::exception_ptr&, const http::Response& answer) { *status = answer.status; });
        return status;
    }
    int end(const std::shared_ptr<std::optional<int>>& begun) {
        while (!*begun) server.context.run_one();
        return **begun;
    }
    int ask(std::size_t replica) { return end(begin(replica)); }
    template <class T>
    T wait(asio::awaitable<T> task) {
        std::optional<T> out;
        asio::co_spawn(server.context, std::move(task),
                       [&](const std::exception_ptr&, T got) { out.emplace(std::move(got)); });
        while (!out) server.context.run_one();
        return std::move(*out);
    }
    std::ptrdiff_t refreshes() const {
        return std::count_if(server.upstream.begin(), server.upstream.end(), is_token);
    }
    std::string key() const { return replicas[0]->store.key_of(Secret(server.jar.get("sid"))); }
    // Spotify refuses to renew anything.
    void refuse_refreshes() {
        server.intercept = [](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
            if (!is_token(request)) return std::nullopt;
            return http::ClientResponse{400, {}, invalid_grant};
        };
    }
    Session session() {
        auto found = wait(replicas[0]->store.find(Secret(server.jar.get("sid")), server.clock()));
        REQUIRE(found);
        REQUIRE(*found);
        return (*found)->session;
    }

    RedisServer process;
    Harness server;
    std::vector<std::unique_ptr<Replica>> replicas;
};

}  // namespace cadenza::server
