#include "server/http/forwarded.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::http {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// No zone ("fe80::1%eth0"): it means something on one machine only.
std::optional<asio::ip::address> parse_address(std::string_view text) {
    if (text.size() > 45 || text.find('%') != text.npos) return std::nullopt;
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(text, ec);
    return ec ? std::nullopt : std::optional(plain_address(address));
}

bool is_port(std::string_view text) {
    std::uint16_t number{};
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    return ec == std::errc{} && stop == text.data() + text.size();
}

// "192.0.2.1", "2001:db8::1", and as some proxies write them, "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::optional<asio::ip::address> parse_hop(std::string_view text) {
    if (auto address = parse_address(text)) return address;
    const auto colon = text.rfind(':');
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == text.npos) return std::nullopt;
        const auto rest = text.substr(bracket + 1);
        if (!rest.empty() && !(rest.starts_with(':') && is_port(rest.substr(1)))) return std::nullopt;
        const auto address = parse_address(text.substr(1, bracket - 1));
        // "[192.0.2.1]" is nobody's way of writing it.
        return text.substr(1, bracket - 1).find(':') == text.npos ? std::nullopt : address;
    }
    if (colon == text.npos || text.find(':') != colon || !is_port(text.substr(colon + 1)))
        return std::nullopt;
    return parse_address(text.substr(0, colon));
}

std::vector<unsigned char> bytes_of(const asio::ip::address& address) {
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
}

bool bit(const std::vector<unsigned char>& bytes, unsigned at) {
    return (bytes[at / 8] >> (7 - at % 8) & 1) != 0;
}

std::optional<bool> forwarded_scheme(const Headers& headers) {
    if (headers.count("X-Forwarded-Proto") != 1) return std::nullopt;
    const auto value = trimmed(*headers.find("X-Forwarded-Proto"));
    if (value == "https") return true;
    return value == "http" ? std::optional(false) : std::nullopt;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = parse_address(text.substr(0, slash));
    if (!base) return std::nullopt;
    const auto bytes = bytes_of(*base);
    const auto most = static_cast<unsigned>(bytes.size() * 8);
    unsigned prefix = most;
    if (slash != text.npos) {
        const auto* end = text.data() + text.size();
        const auto [stop, ec] = std::from_chars(text.data() + slash + 1, end, prefix);
        if (ec != std::errc{} || stop != end || prefix > most) return std::nullopt;
    }
    for (auto at = prefix; at < most; ++at)
        if (bit(bytes, at)) return std::nullopt;
    return Network(*base, prefix);
}

bool Network::contains(const asio::ip::address& address) const {
    const auto other = plain_address(address);
    if (other.is_v4() != base_.is_v4()) return false;
    const auto mine = bytes_of(base_);
    const auto theirs = bytes_of(other);
    for (unsigned at = 0; at < prefix_; ++at)
        if (bit(mine, at) != bit(theirs, at)) return false;
    return true;
}

asio::ip::address plain_address(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

bool is_trusted(const Networks& trusted, const asio::ip::address& address) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const Network& network) { return network.contains(address); });
}

Sender sender_of(const Headers& headers, const asio::ip::address& peer, const Networks& trusted) {
    Sender out{plain_address(peer), std::nullopt};
    if (!is_trusted(trusted, out.address)) return out;
    out.secure = forwarded_scheme(headers);
    const auto list = headers.joined("X-Forwarded-For");
    std::string_view rest = list;
    while (!rest.empty() && is_trusted(trusted, out.address)) {
        const auto comma = rest.rfind(',');
        const auto hop = parse_hop(trimmed(comma == rest.npos ? rest : rest.substr(comma + 1)));
        if (!hop) break;
        out.address = *hop;
        rest = comma == rest.npos ? std::string_view{} : rest.substr(0, comma);
    }
    return out;
}

}  // namespace cadenza::http
