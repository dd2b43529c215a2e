// Whom a request comes from behind proxies. Input: a line for each field, "X-Forwarded-For: value".
#include "server/http/forwarded.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::http;
using boost::asio::ip::make_address;

void check_network(std::string_view text) {
    const auto network = Network::parse(text);
    if (!network) return;
    const auto base = make_address(std::string(text.substr(0, text.find('/'))));
    require(network->contains(base), "a block contains its base");
    require(network->prefix() <= 128, "a prefix within an address");
}

void run(std::string_view input) {
    Headers headers;
    for (auto rest = input; !rest.empty();) {
        auto line = take(rest, '\n');
        const auto name = take(line, ':');
        check_network(line);
        headers.add(std::string(name), std::string(line));
    }
    const Networks proxies{*Network::parse("10.0.0.0/8"), *Network::parse("fd00::/8")};
    const auto peer = make_address("10.0.0.1");

    const auto stranger = sender_of(headers, make_address("192.0.2.1"), proxies);
    require(stranger.address == make_address("192.0.2.1") && !stranger.secure, "a stranger is not believed");

    const auto origin = sender_of(headers, peer, proxies);
    require(origin.address == plain_address(origin.address), "IPv4 inside IPv6 is IPv4");
    require(origin.address == peer || headers.count("X-Forwarded-For") > 0, "an address that was told");

    // What a client writes itself stands to the left of what the proxy adds.
    headers.add("X-Forwarded-For", "203.0.113.9");
    require(sender_of(headers, peer, proxies).address == make_address("203.0.113.9"),
            "the walk ends at the first that is no proxy");
}

const Registration registration({"forwarded", run});

}  // namespace
}  // namespace cadenza::fuzz
