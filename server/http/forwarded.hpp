#pragma once

// Whom a request comes from when proxies stand in between. X-Forwarded-For is believed only as far as trusted
// proxies wrote it: from the right, each entry was added by the hop behind it, so the walk ends at the first
// address that is no trusted proxy. What a client wrote itself lies to the left of that and is never reached.

#include "server/http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::http {

// A block of addresses, "10.0.0.0/8" or "fd00::/8".
class Network {
public:
    // A single address is a block of one. nullopt: no address, a prefix out of range, or bits set behind it.
    static std::optional<Network> parse(std::string_view text);

    bool contains(const asio::ip::address& address) const;
    unsigned prefix() const noexcept { return prefix_; }

private:
    Network(asio::ip::address base, unsigned prefix) : base_(std::move(base)), prefix_(prefix) {}

    asio::ip::address base_;
    unsigned prefix_;
};
using Networks = std::vector<Network>;

// An address as it is compared and logged: IPv4 inside IPv6 is IPv4.
asio::ip::address plain_address(const asio::ip::address& address);

bool is_trusted(const Networks& trusted, const asio::ip::address& address);

struct Sender {
    asio::ip::address address;
    std::optional<bool> secure;  // X-Forwarded-Proto of a trusted proxy; nullopt when it says nothing
};

// `peer` is the other end of the connection. A value that is no address ends the walk at the last trusted
// hop.
Sender sender_of(const Headers& headers, const asio::ip::address& peer, const Networks& trusted);

}  // namespace cadenza::http
