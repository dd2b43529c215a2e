#pragma once

// Where Redis is and how to reach it: what a REDIS_URL says, and the times we allow.

#include "server/base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::redis {

struct Address {
    std::string host;  // a name or an address, IPv6 without brackets; empty with a path
    std::uint16_t port{};
    std::string path;  // of a Unix socket; then nothing else counts

    auto operator<=>(const Address&) const = default;
};

// "host:port", "[::1]:6379" or the path.
std::string to_text(const Address& address);

struct Credentials {
    std::string user;  // empty: Redis' default user
    server::Secret password;

    bool empty() const { return user.empty() && password.empty(); }
    bool operator==(const Credentials&) const = default;
};

// Files in PEM, read anew for each connection, so that renewed ones count.
struct TlsFiles {
    std::string ca;           // empty: the system's authorities
    std::string certificate;  // of the client; empty: none
    std::string key;
    bool operator==(const TlsFiles&) const = default;
};

struct Timeouts {
    std::chrono::milliseconds connect{1000};   // address, TCP, TLS and sign-in together
    std::chrono::milliseconds command{250};    // from being sent to the reply
    std::chrono::milliseconds patience{1000};  // with LOADING, TRYAGAIN, CLUSTERDOWN …, in all for a command
    std::chrono::milliseconds ping_after{15000};  // without traffic; to be less than Redis' own `timeout`
    // Between attempts to connect: a random time below a bound that doubles from the first to the last.
    std::chrono::milliseconds retry_first{50};
    std::chrono::milliseconds retry_last{5000};
    std::chrono::milliseconds retry_wanted{1000};  // a command that is waiting shortens it to this
    bool operator==(const Timeouts&) const = default;
};

struct Options {
    enum class Kind { standalone, sentinel, cluster };

    Kind kind{Kind::standalone};
    std::vector<Address> addresses;    // the server · the sentinels · nodes of the cluster to begin with
    std::string master;                // the name the sentinels know it by
    Credentials credentials;           // for the servers
    Credentials sentinel_credentials;  // for the sentinels
    int database{};
    std::optional<TlsFiles> tls;         // absent: no TLS
    std::string client_name{"cadenza"};  // in CLIENT LIST
    Timeouts timeouts;

    bool operator==(const Options&) const = default;
};

}  // namespace cadenza::redis
