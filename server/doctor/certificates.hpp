#pragma once

// Certificates: this server's own, and what browsers are shown at its public address.

#include "server/doctor/finding.hpp"
#include "shared/base/error.hpp"

#include <openssl/x509.h>

#include <string_view>

namespace cadenza::server::doctor {

struct Certificate {
    std::int64_t begins{};  // milliseconds since 1970
    std::int64_t ends{};
    bool covers_host{};
};

// `host` as in an address: "a.example", "[::1]".
Certificate read_certificate(const X509& certificate, std::string_view host);
// The first of those in `pem`. Errors: invalid_value.
Result<Certificate> read_certificate(std::string_view pem, std::string_view host);

// What came of a TLS connection to the public address.
struct Shown {
    std::string unreachable;  // why there was none
    std::string distrusted;   // why a browser would not go on; empty: it would
    std::optional<Certificate> certificate;
};

// The lifetime and the names of a certificate. `now`: milliseconds since 1970.
Finding certificate(const std::string& check, const Certificate& found, const std::string& host,
                    std::int64_t now);

// Of TLS_CERT_FILE and TLS_KEY_FILE: `loaded` is whether the pair can be used, `pem` what is in the first.
Finding own_certificate(const Config& config, const Status& loaded, std::string_view pem, std::int64_t now);
Finding public_certificate(const Config& config, const Shown& shown, std::int64_t now);

}  // namespace cadenza::server::doctor
