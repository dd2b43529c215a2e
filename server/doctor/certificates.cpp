#include "server/doctor/certificates.hpp"

#include "server/config_address.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

namespace cadenza::server::doctor {
namespace {

constexpr std::int64_t day = 24LL * 3600 * 1000;

std::int64_t milliseconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(::timegm(&parts)) * 1000 : 0;
}

std::string without_brackets(std::string_view host) {
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return std::string(host);
}

}  // namespace

Certificate read_certificate(const X509& certificate, std::string_view host) {
    // The two checks do not change it, but older headers do not say so.
    auto* const x509 = const_cast<X509*>(&certificate);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    const auto name = without_brackets(host);
    return {milliseconds_of(X509_get0_notBefore(&certificate)),
            milliseconds_of(X509_get0_notAfter(&certificate)),
            X509_check_host(x509, name.c_str(), name.size(), 0, nullptr) == 1 ||
                X509_check_ip_asc(x509, name.c_str(), 0) == 1};
}

Result<Certificate> read_certificate(std::string_view pem, std::string_view host) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> found(
        bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
    if (!found) return Error{Errc::invalid_value, "no certificate in PEM"};
    return read_certificate(*found, host);
}

Finding certificate(const std::string& check, const Certificate& found, const std::string& host,
                    std::int64_t now) {
    constexpr std::int64_t soon = 21;
    const std::string renew = "renew it, and see to it that this happens by itself";
    if (now >= found.ends)
        return {check, State::failed,
                "the certificate expired " + std::to_string((now - found.ends) / day) + " days ago", renew};
    if (now < found.begins)
        return {check, State::failed, "the certificate is not valid yet", "see the clock"};
    if (!found.covers_host)
        return {check, State::failed, "the certificate is not for " + host,
                "get one that names " + host + " among its subject alternative names"};
    const auto left = (found.ends - now) / day;
    const auto what = "for " + host + ", " + std::to_string(left) + " days left";
    if (left < soon) return {check, State::warning, what, renew};
    return {check, State::ok, what, ""};
}

Finding own_certificate(const Config& config, const Status& loaded, std::string_view pem, std::int64_t now) {
    const std::string check = "tls_certificate";
    if (!config.serves_tls()) return {check, State::skipped, "TLS_CERT_FILE is not set", ""};
    if (!loaded)
        return {check, State::failed, loaded.error().detail,
                "set TLS_CERT_FILE and TLS_KEY_FILE to a certificate with its chain and its key, in PEM"};
    const auto host = host_of(config.own_origin);
    const auto found = read_certificate(pem, host);
    if (!found) return {check, State::failed, config.tls_cert_file + ": " + found.error().detail, ""};
    auto out = certificate(check, *found, host, now);
    if (out.state == State::failed) out.what = config.tls_cert_file + ": " + out.what;
    return out;
}

Finding public_certificate(const Config& config, const Shown& shown, std::int64_t now) {
    const std::string check = "public_tls";
    const auto& origin = config.own_origin;
    if (!config.secure()) return {check, State::skipped, origin + " is not https", ""};
    if (!shown.unreachable.empty())
        return {check, State::skipped, origin + " cannot be reached from here: " + shown.unreachable,
                "open it in a browser; a server that is not running yet, or a router that does not lead back "
                "inside, is no mistake"};
    if (shown.certificate) {
        auto out = certificate(check, *shown.certificate, host_of(origin), now);
        if (out.state == State::failed) return out;
        if (shown.distrusted.empty()) return out;
    }
    if (!shown.distrusted.empty())
        return {check, State::failed, "browsers will not trust " + origin + ": " + shown.distrusted,
                "use a certificate of a public authority, and send its whole chain"};
    return {check, State::skipped, origin + " showed no certificate", ""};
}

}  // namespace cadenza::server::doctor
