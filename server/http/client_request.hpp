#pragma once

#include "server/http/client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::http {

struct Origin {
    bool tls{};
    std::string host;  // without brackets, for the resolver
    std::string port;
    std::string authority;  // for the Host field
};

// "https://api.spotify.com", "http://127.0.0.1:8001". nullopt for anything else, and for plain http beyond
// loopback.
std::optional<Origin> parse_origin(std::string_view text);

// Whether nothing in it could end a line or begin another request.
bool is_writable(const ClientRequest& request);
// As it goes over the wire.
std::string render(const ClientRequest& request, std::string_view authority);

}  // namespace cadenza::http
