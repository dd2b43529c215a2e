#pragma once

// A blocking TLS client that believes every certificate and says which it saw.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <string>

namespace cadenza {

class TlsClient {
public:
    using Settings = std::function<void(SSL_CTX*)>;

    explicit TlsClient(std::uint16_t port, const Settings& settings = {})
        : stream_(context_, with(tls_, settings)) {
        stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
        stream_.handshake(boost::asio::ssl::stream_base::client, error);
    }

    // Both give what came until the server closed.
    std::string ask(std::string_view bytes) {
        send(bytes);
        return read_all();
    }
    std::string read_all() {
        std::string out;
        boost::asio::read(stream_, boost::asio::dynamic_buffer(out), error);
        return out;
    }
    void send(std::string_view bytes) { boost::asio::write(stream_, boost::asio::buffer(bytes), error); }
    std::string read_until(std::string_view end) {
        std::string out;
        char c{};
        while (!out.ends_with(end) && stream_.read_some(boost::asio::buffer(&c, 1), error) == 1) out += c;
        return out;
    }

    // "TLSv1.3"
    std::string version() { return SSL_get_version(stream_.native_handle()); }
    std::string cipher() { return SSL_get_cipher_name(stream_.native_handle()); }
    // The server's certificate, in DER.
    std::string certificate() {
        auto* x509 = SSL_get1_peer_certificate(stream_.native_handle());
        if (!x509) return {};
        unsigned char* bytes{};
        const auto size = i2d_X509(x509, &bytes);
        std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
        OPENSSL_free(bytes);
        X509_free(x509);
        return out;
    }

    boost::system::error_code error;  // of the last step, the handshake included

private:
    static boost::asio::ssl::context& with(boost::asio::ssl::context& tls, const Settings& settings) {
        if (settings) settings(tls.native_handle());
        return tls;
    }

    boost::asio::io_context context_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_client};
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
};

}  // namespace cadenza
