#pragma once

// The security fields of every answer, from one description of the deployment.

#include "server/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cadenza::http {

enum class TrustedTypes { enforce, report };

struct SecurityPolicy {
    std::string sdk_origin;                // of the Web Playback SDK's script and frame
    std::vector<std::string> art_origins;  // where covers come from
    std::string backend_origin;            // when the API is on another origin, else empty
    std::string sentry_origin;             // when the client reports errors, else empty
    TrustedTypes trusted_types{TrustedTypes::enforce};
    bool secure{};  // the site is https: HSTS
};

// For the page and its files.
Headers page_headers(const SecurityPolicy& policy);
// For sw.js, whose policy is its own: it fetches what the page shows.
Headers worker_headers(const SecurityPolicy& policy);
// For the file at `path`: one of the two above.
Headers file_headers(std::string_view path, const SecurityPolicy& policy);
// For API answers and redirects: nothing may be done with them.
Headers api_headers(const SecurityPolicy& policy);

// Sixteen hex digits that change whenever page_headers does: a cached shell keeps the policy it was cached
// with, so its revision contains this.
std::string fingerprint(const SecurityPolicy& policy);

}  // namespace cadenza::http
