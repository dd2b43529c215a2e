// Whom the client believes to be who they say.

#include "server/http/client.hpp"
#include "tests/http/scripted_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;

std::string text_of(BIO* bio) {
    char* data{};
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

// A self-signed certificate that may be trusted as its own authority.
struct Identity {
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate{X509_new()};

    // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"; valid until `days` from now.
    explicit Identity(const std::string& names, int days = 1) {
        auto* x509 = certificate.get();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -7L * 24 * 3600);
        X509_gmtime_adj(X509_getm_notAfter(x509), days * 24L * 3600);
        X509_set_pubkey(x509, key.get());
        auto* name = X509_get_subject_name(x509);
        const auto* common = reinterpret_cast<const unsigned char*>("Cadenza test");
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
        X509_set_issuer_name(x509, name);
        add(NID_basic_constraints, "critical,CA:TRUE");
        add(NID_subject_alt_name, names);
        REQUIRE(X509_sign(x509, key.get(), EVP_sha256()) > 0);
    }
    void add(int kind, const std::string& value) {
        auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
        REQUIRE(extension);
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    std::string certificate_pem() const {
        const Bio bio(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(bio.get(), certificate.get());
        return text_of(bio.get());
    }
    std::string key_pem() const {
        const Bio bio(BIO_new(BIO_s_mem()));
        PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        return text_of(bio.get());
    }
};

asio::ssl::context server_context(const Identity& identity) {
    asio::ssl::context out(asio::ssl::context::tls_server);
    out.use_certificate_chain(asio::buffer(identity.certificate_pem()));
    out.use_private_key(asio::buffer(identity.key_pem()), asio::ssl::context::pem);
    return out;
}

// One GET by a client that trusts nothing but `authority`.
Result<ClientResponse> get(const std::string& origin, const Identity* authority,
                           std::chrono::milliseconds timeout = 10s) {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    if (authority) tls.add_certificate_authority(asio::buffer(authority->certificate_pem()));
    Client client(context.get_executor(), tls);
    return server::run(context, client.send({.origin = origin, .target = "/x"}, timeout));
}

TEST_CASE("a certificate by a known authority is believed, by name and by address") {
    const Identity identity("DNS:localhost,IP:127.0.0.1");
    auto tls = server_context(identity);
    const auto host = GENERATE(as<std::string>(), "localhost", "127.0.0.1");
    ScriptedServer server({{{ok}}}, &tls);
    const auto answer = get(server.origin(host), &identity);
    REQUIRE(answer);
    CHECK(answer->body == "ok");
    CHECK(server.requests().size() == 1);
}

TEST_CASE("a certificate by nobody we know is refused, and nothing is said") {
    const Identity identity("DNS:localhost,IP:127.0.0.1");
    const Identity stranger("DNS:localhost,IP:127.0.0.1");
    auto tls = server_context(identity);
    const auto* trusted = GENERATE(true, false) ? &stranger : nullptr;
    ScriptedServer server({{{ok}}}, &tls);
    const auto answer = get(server.origin(), trusted);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
    CHECK(answer.error().detail.starts_with("connect: tls: "));
    CHECK(connect_failed(answer.error()));
    CHECK(server.ended(1));
    CHECK(server.requests().empty());
}

TEST_CASE("a certificate for another name is refused") {
    const auto names = GENERATE(as<std::string>(), "DNS:example.org", "DNS:localhost.example.org",
                                "DNS:127.0.0.1", "IP:127.0.0.2", "DNS:*", "email:localhost@localhost");
    CAPTURE(names);
    const Identity identity(names);
    auto tls = server_context(identity);
    for (const std::string host : {"localhost", "127.0.0.1"}) {
        ScriptedServer server({{{ok}}}, &tls);
        CHECK(get(server.origin(host), &identity).has_error());
        CHECK(server.ended(1));
        CHECK(server.requests().empty());
    }
}

TEST_CASE("a certificate that is over is refused") {
    const Identity identity("DNS:localhost", -1);
    auto tls = server_context(identity);
    ScriptedServer server({{{ok}}}, &tls);
    const auto answer = get(server.origin("localhost"), &identity);
    REQUIRE(answer.has_error());
    CHECK(server.ended(1));
    CHECK(server.requests().empty());
}

TEST_CASE("a TLS connection is used again, and replaced when the peer closed it") {
    const Identity identity("DNS:localhost");
    auto tls = server_context(identity);
    ScriptedServer server({{{ok, ok}}, {{ok}}}, &tls);
    asio::io_context context(1);
    asio::ssl::context trusting(asio::ssl::context::tls_client);
    trusting.add_certificate_authority(asio::buffer(identity.certificate_pem()));
    Client client(context.get_executor(), trusting);
    const auto post = [&] {
        return server::run(
            context,
            client.send({.method = Method::post, .origin = server.origin("localhost"), .target = "/x"}, 10s));
    };
    CHECK(post());
    CHECK(post());
    CHECK(server.accepted() == 1);
    REQUIRE(server.ended(1));
    CHECK(post());
    CHECK(server.accepted() == 2);
}

TEST_CASE("an answer that TLS did not end is cut, not complete") {
    const Identity identity("DNS:localhost");
    auto tls = server_context(identity);
    ScriptedServer server({{{"HTTP/1.1 200 OK\r\n\r\nuntil the close"}}}, &tls);
    const auto answer = get(server.origin("localhost"), &identity);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::upstream_failed);
}

TEST_CASE(
    "a peer that speaks no TLS is refused, one that says nothing is waited for no longer than allowed") {
    ScriptedServer plain({{{"HTTP/1.1 400 Bad Request\r\n\r\n"}}});
    const auto silent = get("https" + plain.origin().substr(4), nullptr, 50ms);
    REQUIRE(silent.has_error());
    CHECK(silent.error().code == Errc::timed_out);
    CHECK(connect_failed(silent.error()));
}

}  // namespace
}  // namespace cadenza::http
