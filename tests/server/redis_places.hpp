#pragma once

// A real Redis in each way that stores can have one. Each is started once for the whole program.

#include "tests/support/redis_cluster.hpp"
#include "tests/support/redis_deployments.hpp"

#include <vector>

namespace cadenza::server {

inline RedisServer& redis_server() {
    static RedisServer process;
    return process;
}

// How it is reached, and the servers that are it.
struct RedisPlace {
    // Empties it; replicas refuse, and follow their masters.
    void clear() const {
        for (const auto* server : servers) (void)server->ask({"FLUSHALL"});
    }
    // Nobody takes a master's place meanwhile.
    void freeze() const {
        for (const auto* server : servers) server->freeze();
    }
    void thaw() const {
        for (const auto* server : servers) server->thaw();
    }

    redis::Options options;
    std::vector<const RedisServer*> servers;
};

// Three masters and their replicas. None is given up for being slow: the machine is busy with the tests.
inline RedisPlace cluster_place() {
    static RedisCluster cluster;
    RedisPlace out{redis::cluster_options(cluster.node(0).port()), {}};
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        cluster.node(i).ask({"CONFIG", "SET", "cluster-node-timeout", "60000"});
        out.servers.push_back(&cluster.node(i));
    }
    return out;
}

inline RedisPlace sentinel_place() {
    static const redis::Watched watched("sentinel down-after-milliseconds mymaster 60000");
    return {watched.options(), {&watched.master, &watched.replica}};
}

// It wants to see the client's certificate.
inline RedisPlace tls_place() {
    static const redis::TlsServer server(Identity("DNS:localhost"), "yes");
    static const auto certificate = server.folder.write("client.pem", server.client.certificate);
    static const auto key = server.folder.write("client.key", server.client.key);
    RedisPlace out{server.options("localhost"), {&server.server}};
    out.options.tls->certificate = certificate;
    out.options.tls->key = key;
    return out;
}

}  // namespace cadenza::server
