#include "server/config_admin.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace cadenza::server {
namespace {

bool is_ip_address(const std::string& host) {
    boost::system::error_code ec;
    boost::asio::ip::make_address(host, ec);
    return !ec;
}

// "127.0.0.1:9464" or "[::1]:9464".
std::optional<AdminAddress> parse_admin_address(const std::string& text) {
    AdminAddress out;
    out.required = true;
    const auto colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    out.host = text.substr(0, colon);
    const bool bracketed = out.host.starts_with('[') && out.host.ends_with(']');
    if (bracketed) out.host = out.host.substr(1, out.host.size() - 2);
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data() + colon + 1, end, out.port);
    const bool is_v6 = out.host.find(':') != out.host.npos;
    if (ec != std::errc{} || stop != end || is_v6 != bracketed || !is_ip_address(out.host))
        return std::nullopt;
    return out;
}

}  // namespace

std::string AdminAddress::text() const {
    const bool is_v6 = host.find(':') != host.npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

void read_admin(ConfigReader& reader, Config& config) {
    const auto address = reader.raw("ADMIN_ADDR");
    if (!address) {
        config.admin.emplace();
    } else if (!address->empty()) {
        config.admin = parse_admin_address(*address);
        if (!config.admin)
            reader.complain("ADMIN_ADDR", "\"" + *address +
                                              "\" is not an address with a port, such as 127.0.0.1:9464 or "
                                              "[::1]:9464; empty switches it off");
    }
    // A DSN is not repeated in a message: whoever has it can send.
    constexpr const char* wrong =
        "is not a DSN: https://key@host/project expected, as Sentry shows it under Client Keys";
    if (const auto dsn = reader.text("SENTRY_DSN")) {
        config.sentry_dsn = sentry::parse_dsn(*dsn);
        if (!config.sentry_dsn) reader.complain("SENTRY_DSN", wrong);
    }
    config.sentry_dsn_client = reader.text_or("SENTRY_DSN_CLIENT", "");
    if (!config.sentry_dsn_client.empty() && !sentry::parse_dsn(config.sentry_dsn_client))
        reader.complain("SENTRY_DSN_CLIENT", wrong);
}

}  // namespace cadenza::server
