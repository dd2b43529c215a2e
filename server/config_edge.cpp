#include "server/config_edge.hpp"

#include <sstream>

namespace cadenza::server {
namespace {

std::chrono::milliseconds milliseconds(ConfigReader& reader, const std::string& name,
                                       std::chrono::milliseconds fallback) {
    return reader.duration(name, std::chrono::duration_cast<std::chrono::seconds>(fallback),
                           std::chrono::seconds(1));
}

void read_limits(ConfigReader& reader, http::Limits& limits) {
    const auto size = [&](const std::string& name, std::size_t fallback, std::int64_t most) {
        return static_cast<std::size_t>(reader.number(name, static_cast<std::int64_t>(fallback), 1, most));
    };
    limits.backlog =
        static_cast<int>(size("LIMIT_BACKLOG", static_cast<std::size_t>(limits.backlog), 65'535));
    limits.header_bytes = size("LIMIT_HEADER_BYTES", limits.header_bytes, 1 << 20);
    limits.header_fields = size("LIMIT_HEADER_FIELDS", limits.header_fields, 10'000);
    limits.target_bytes = size("LIMIT_TARGET_BYTES", limits.target_bytes, 1 << 20);
    limits.body_bytes = size("LIMIT_BODY_BYTES", limits.body_bytes, 1 << 30);
    limits.body_rate = size("LIMIT_BODY_RATE", limits.body_rate, 1 << 30);
    limits.chunk_overhead = size("LIMIT_CHUNK_OVERHEAD", limits.chunk_overhead, 1 << 20);
    limits.connections = size("LIMIT_CONNECTIONS", limits.connections, 1'000'000);
    limits.connections_per_address =
        size("LIMIT_CONNECTIONS_PER_ADDRESS", limits.connections_per_address, 1'000'000);
    limits.requests_per_connection = static_cast<int>(
        reader.number("LIMIT_REQUESTS_PER_CONNECTION", limits.requests_per_connection, 1, 1'000'000));
    limits.first_byte = milliseconds(reader, "TIMEOUT_FIRST_BYTE", limits.first_byte);
    limits.idle = milliseconds(reader, "TIMEOUT_IDLE", limits.idle);
    limits.header = milliseconds(reader, "TIMEOUT_HEADER", limits.header);
    limits.body = milliseconds(reader, "TIMEOUT_BODY", limits.body);
    limits.body_grace = milliseconds(reader, "TIMEOUT_BODY_GRACE", limits.body_grace);
    limits.handler = milliseconds(reader, "TIMEOUT_HANDLER", limits.handler);
    limits.write = milliseconds(reader, "TIMEOUT_WRITE", limits.write);
    limits.linger = milliseconds(reader, "TIMEOUT_LINGER", limits.linger);
}

void read_proxies(ConfigReader& reader, Config& config) {
    auto list = reader.text_or("FORWARDED_ALLOW_IPS", "none");
    if (list == "none") return;
    for (char& c : list)
        if (c == ',') c = ' ';
    std::istringstream entries(list);
    for (std::string entry; entries >> entry;) {
        const auto network = http::Network::parse(entry);
        if (!network)
            reader.complain(
                "FORWARDED_ALLOW_IPS",
                "\"" + entry +
                    "\" is neither an address nor a block of them such as 10.0.0.0/8 or fd00::/8, "
                    "with no bits set behind the prefix");
        else if (network->prefix() == 0)
            reader.complain("FORWARDED_ALLOW_IPS",
                            "\"" + entry +
                                "\" would let everybody choose an address; the addresses "
                                "of your proxies would be right");
        else
            config.trusted_proxies.push_back(*network);
    }
    config.forwarded_allow_ips = list;
}

void read_rate(ConfigReader& reader, Config& config) {
    const auto rate = reader.text_or("RATE_LIMIT", "60/s");
    if (rate == "off") return;
    config.rate_limit = http::parse_rate(rate);
    if (!config.rate_limit)
        reader.complain("RATE_LIMIT", "\"" + rate + "\" is no rate such as 60/s or 600/m, nor off");
}

void read_tls(ConfigReader& reader, Config& config) {
    // Paths, not secrets: what NAME_FILE means elsewhere is their own name here.
    config.tls_cert_file = reader.raw("TLS_CERT_FILE").value_or("");
    config.tls_key_file = reader.raw("TLS_KEY_FILE").value_or("");
    if (!config.serves_tls() && config.tls_key_file.empty()) return;
    const std::string both = "is missing: TLS_CERT_FILE and TLS_KEY_FILE go together";
    if (config.tls_cert_file.empty())
        reader.complain("TLS_CERT_FILE", both);
    else if (config.tls_key_file.empty())
        reader.complain("TLS_KEY_FILE", both);
    else if (config.demo)
        reader.complain("TLS_CERT_FILE", "makes no sense in demo mode, which is http on this machine only");
    else if (!config.own_origin.empty() && !config.secure())
        reader.complain("SPOTIFY_REDIRECT_URI",
                        "is http, but TLS_CERT_FILE has this server speak https; https://… would be right");
}

}  // namespace

void read_edge(ConfigReader& reader, Config& config) {
    read_limits(reader, config.limits);
    read_proxies(reader, config);
    read_rate(reader, config);
    read_tls(reader, config);
}

std::string describe_edge(const Config& config) {
    const auto line = [](std::string_view name, const std::string& value) {
        return std::string(name) + "=" + value + "\n";
    };
    const auto number = [&](std::string_view name, auto value) { return line(name, std::to_string(value)); };
    const auto seconds = [&](std::string_view name, std::chrono::milliseconds time) {
        return line(name,
                    std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + "s");
    };
    const auto& limits = config.limits;
    std::string rate = "off";
    if (config.rate_limit) {
        const auto whole = config.rate_limit->burst / 2;
        rate = std::to_string(whole) + (config.rate_limit->window_us() > 2'000'000 ? "/m" : "/s");
    }
    return line("TLS_CERT_FILE", config.tls_cert_file) + line("TLS_KEY_FILE", config.tls_key_file) +
           line("FORWARDED_ALLOW_IPS", config.forwarded_allow_ips) + line("RATE_LIMIT", rate) +
           number("LIMIT_BACKLOG", limits.backlog) + number("LIMIT_HEADER_BYTES", limits.header_bytes) +
           number("LIMIT_HEADER_FIELDS", limits.header_fields) +
           number("LIMIT_TARGET_BYTES", limits.target_bytes) + number("LIMIT_BODY_BYTES", limits.body_bytes) +
           number("LIMIT_BODY_RATE", limits.body_rate) +
           number("LIMIT_CHUNK_OVERHEAD", limits.chunk_overhead) +
           number("LIMIT_CONNECTIONS", limits.connections) +
           number("LIMIT_CONNECTIONS_PER_ADDRESS", limits.connections_per_address) +
           number("LIMIT_REQUESTS_PER_CONNECTION", limits.requests_per_connection) +
           seconds("TIMEOUT_FIRST_BYTE", limits.first_byte) + seconds("TIMEOUT_IDLE", limits.idle) +
           seconds("TIMEOUT_HEADER", limits.header) + seconds("TIMEOUT_BODY", limits.body) +
           seconds("TIMEOUT_BODY_GRACE", limits.body_grace) + seconds("TIMEOUT_HANDLER", limits.handler) +
           seconds("TIMEOUT_WRITE", limits.write) + seconds("TIMEOUT_LINGER", limits.linger);
}

const char* edge_help() {
    return R"(  TLS_CERT_FILE, TLS_KEY_FILE
                         serve https itself: certificate with chain, and key, in PEM; reloaded on SIGHUP
  FORWARDED_ALLOW_IPS    addresses and blocks of proxies whose X-Forwarded-For and -Proto count (none)
  RATE_LIMIT             60/s, 600/m or off: for /api and /auth, per address and per session; twice that at once (60/s)
  LIMIT_BACKLOG (1024), LIMIT_CONNECTIONS (10000), LIMIT_CONNECTIONS_PER_ADDRESS (100), LIMIT_REQUESTS_PER_CONNECTION (1000),
  LIMIT_HEADER_BYTES (16384), LIMIT_HEADER_FIELDS (100), LIMIT_TARGET_BYTES (8192), LIMIT_BODY_BYTES (1048576),
  LIMIT_BODY_RATE (1024 bytes a second, after TIMEOUT_BODY_GRACE), LIMIT_CHUNK_OVERHEAD (8192)
  TIMEOUT_FIRST_BYTE (10s), TIMEOUT_IDLE (60s), TIMEOUT_HEADER (10s), TIMEOUT_BODY (30s), TIMEOUT_BODY_GRACE (10s),
  TIMEOUT_HANDLER (30s), TIMEOUT_WRITE (30s), TIMEOUT_LINGER (2s)
)";
}

}  // namespace cadenza::server
