#pragma once

// The one place that decides, before routing, whether a request may have come from where it says: host,
// Origin, CSRF header, Fetch Metadata, preflight. A write needs the app's own Origin and X-Cadenza: 1, which
// no form and no other site's page can send; a read is refused when Fetch Metadata says another site asks.

#include "server/http/message.hpp"
#include "server/http/problem.hpp"

#include <string>
#include <variant>

namespace cadenza::http {

struct GateRules {
    std::string own_origin;       // "http://127.0.0.1:8000": where this server is reached
    std::string frontend_origin;  // the only page that may call it; often the same
};

struct Pass {};
// Answer at once, with this.
using Decision = std::variant<Pass, Response, Failure>;

// Errors come back as a Failure so that the caller can add the CORS fields and the request id.
Decision gate(const Request& request, const GateRules& rules);

// Access-Control-* and Vary for answers to `request`, whatever their status: a page that may call must be
// able to read why it was refused.
void add_cors(const Request& request, const GateRules& rules, Response& response);

}  // namespace cadenza::http
