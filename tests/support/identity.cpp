#include "tests/support/identity.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace cadenza {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;

void require(bool good) {
    if (!good) throw std::runtime_error("OpenSSL makes no certificate");
}

std::string text_of(BIO* bio) {
    char* data{};
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

void add(X509* certificate, int kind, const std::string& value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    require(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

Identity::Identity(const std::string& names, int days) {
    const std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>> pair(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, Release<X509_free>> x509(X509_new());
    X509_set_version(x509.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -7L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), days * 24L * 3600);
    X509_set_pubkey(x509.get(), pair.get());
    auto* name = X509_get_subject_name(x509.get());
    const auto* common = reinterpret_cast<const unsigned char*>("Cadenza test");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(x509.get(), name);
    add(x509.get(), NID_basic_constraints, "critical,CA:TRUE");
    add(x509.get(), NID_subject_alt_name, names);
    require(X509_sign(x509.get(), pair.get(), EVP_sha256()) > 0);

    const Bio certificate_bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate_bio.get(), x509.get());
    certificate = text_of(certificate_bio.get());
    const Bio key_bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(key_bio.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
    key = text_of(key_bio.get());
}

}  // namespace cadenza
