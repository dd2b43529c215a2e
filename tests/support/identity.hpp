#pragma once

// Certificates made for a test.

#include <string>

namespace cadenza {

// A self-signed certificate and its key, both in PEM, that may be trusted as its own authority.
struct Identity {
    // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"; valid from a week ago until `days` from
    // now. Throws when OpenSSL refuses.
    explicit Identity(const std::string& names, int days = 1);

    std::string certificate;
    std::string key;
};

}  // namespace cadenza
