#include "server/http/security_headers.hpp"

#include "server/base/ascii.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::http {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words)
        if (!word.empty()) out += " " + word;
    return out;
}

std::string page_policy(const SecurityPolicy& policy) {
    const auto art = joined(policy.art_origins);
    std::string out = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' " + policy.sdk_origin +
                      "; style-src 'self'; font-src 'self'; img-src 'self' data:" + art +
                      "; connect-src 'self'" + joined({policy.backend_origin, policy.sentry_origin}) + art +
                      "; frame-src " + policy.sdk_origin +
                      "; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                      "frame-ancestors 'none'";
    return out;
}

constexpr std::string_view trusted_types = "require-trusted-types-for 'script'; trusted-types app default";

void add_common(const SecurityPolicy& policy, Headers& out) {
    out.add("X-Content-Type-Options", "nosniff");
    out.add("Referrer-Policy", "no-referrer");
    out.add("Cross-Origin-Opener-Policy", "same-origin");
    out.add("X-Frame-Options", "DENY");
    if (policy.secure) out.add("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

}  // namespace

Headers page_headers(const SecurityPolicy& policy) {
    Headers out;
    if (policy.trusted_types == TrustedTypes::enforce) {
        out.add("Content-Security-Policy", page_policy(policy) + "; " + std::string(trusted_types));
    } else {
        out.add("Content-Security-Policy", page_policy(policy));
        out.add("Content-Security-Policy-Report-Only", std::string(trusted_types));
    }
    const auto sdk = "(self \"" + policy.sdk_origin + "\")";
    out.add("Permissions-Policy", "autoplay=" + sdk + ", encrypted-media=" + sdk +
                                      ", camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    out.add("Cross-Origin-Resource-Policy", "same-origin");
    add_common(policy, out);
    return out;
}

Headers worker_headers(const SecurityPolicy& policy) {
    Headers out;
    out.add("Content-Security-Policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'" + joined(policy.art_origins));
    out.add("Cross-Origin-Resource-Policy", "same-origin");
    add_common(policy, out);
    return out;
}

Headers file_headers(std::string_view path, const SecurityPolicy& policy) {
    return path == "/sw.js" ? worker_headers(policy) : page_headers(policy);
}

Headers api_headers(const SecurityPolicy& policy) {
    Headers out;
    out.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    out.add("Cross-Origin-Resource-Policy", "same-site");
    out.add("Cache-Control", "no-store");
    add_common(policy, out);
    return out;
}

std::string fingerprint(const SecurityPolicy& policy) {
    std::string all;
    for (const auto& [name, value] : page_headers(policy))
        all.append(name).append(":").append(value).append("\n");
    return server::hex(server::sha256(all).substr(0, 8));
}

}  // namespace cadenza::http
