#pragma once

// Settings of the HTTP edge: limits, timeouts, trusted proxies, rates, TLS.

#include "server/config_reader.hpp"

namespace cadenza::server {

// After the addresses and the demo mode have been read.
void read_edge(ConfigReader& reader, Config& config);

// Their lines for --print-config, and what --help says of them.
std::string describe_edge(const Config& config);
const char* edge_help();

}  // namespace cadenza::server
