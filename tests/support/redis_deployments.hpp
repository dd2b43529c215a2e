#pragma once

// A Redis behind TLS and one that a sentinel watches, and how each is reached.

#include "server/redis/options.hpp"
#include "tests/support/identity.hpp"
#include "tests/support/redis_server.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace cadenza::redis {

inline Options options_for(int port) {
    return {.addresses = {{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)}}};
}
inline Options options_for(const RedisServer& server) { return options_for(server.port()); }

// `port` is that of one of its nodes.
inline Options cluster_options(int port) {
    auto out = options_for(port);
    out.kind = Options::Kind::cluster;
    out.timeouts.retry_wanted = std::chrono::milliseconds(50);
    return out;
}

struct TlsServer {
    // `clients` as in Redis' tls-auth-clients: whether they must have a certificate.
    explicit TlsServer(const Identity& identity, const std::string& clients = "no")
        : certificate(folder.write("server.pem", identity.certificate)),
          port(free_port()),
          server({"--tls-port", std::to_string(port), "--tls-cert-file", certificate, "--tls-key-file",
                  folder.write("server.key", identity.key), "--tls-ca-cert-file",
                  folder.write("clients.pem", client.certificate), "--tls-auth-clients", clients}) {}

    // Without a certificate of the client.
    Options options(const std::string& host) const {
        auto out = options_for(port);
        out.addresses[0].host = host;
        out.tls.emplace(TlsFiles{.ca = certificate});
        return out;
    }

    TemporaryFolder folder;
    Identity client{"DNS:client"};
    std::string certificate;
    int port;
    RedisServer server;
};

// A master, a replica and a sentinel that knows both.
struct Watched {
    explicit Watched(const std::string& sentinel_options = "")
        : replica({"--replicaof", "127.0.0.1", std::to_string(master.port())}),
          sentinel(master, 1, sentinel_options) {}

    // Whether the replica has caught up, and the sentinel heard of it.
    bool is_ready() const {
        return master.ask({"INFO", "replication"}).find("state=online") != std::string::npos &&
               sentinel.ask({"SENTINEL", "MASTERS"}).find("num-slaves\n1\n") != std::string::npos;
    }
    Options options() const {
        auto out = options_for(sentinel.port());
        out.kind = Options::Kind::sentinel;
        out.master = "mymaster";
        out.timeouts.retry_wanted = std::chrono::milliseconds(50);
        return out;
    }

    RedisServer master;
    RedisServer replica;
    RedisSentinel sentinel;
};

}  // namespace cadenza::redis
