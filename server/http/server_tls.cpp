#include "server/http/server_tls.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

namespace cadenza::http {
namespace {

namespace ssl = boost::asio::ssl;

// A client that offers protocols by name (ALPN) gets HTTP/1.1 or no connection at all; RFC 7301, 3.2. OpenSSL
// says what a callback takes. NOLINTNEXTLINE(readability-function-size)
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int size, void*) {
    constexpr std::string_view ours = "http/1.1";
    std::string_view rest(reinterpret_cast<const char*>(offered), size);
    while (!rest.empty()) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(rest.front()));
        const auto name = rest.substr(1, length);
        if (name == ours) {
            *out = reinterpret_cast<const unsigned char*>(name.data());
            *out_size = static_cast<unsigned char>(name.size());
            return SSL_TLSEXT_ERR_OK;
        }
        rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void settle(ssl::context& context) {
    auto* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // An idle connection keeps no buffers of its own.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // For 1.2; all of 1.3's are good.
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
}

}  // namespace

Status ServerTls::load() {
    const auto fail = [](const std::string& file, const boost::system::error_code& ec) -> Status {
        return Error{Errc::invalid_value, file + ": " + ec.message()};
    };
    auto fresh = std::make_unique<ssl::context>(ssl::context::tls_server);
    settle(*fresh);
    // Or OpenSSL would ask for one on the terminal.
    fresh->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
    boost::system::error_code ec;
    fresh->use_certificate_chain_file(certificate_file_, ec);
    if (ec) return fail(certificate_file_, ec);
    fresh->use_private_key_file(key_file_, ssl::context::pem, ec);
    if (ec) return fail(key_file_, ec);
    if (SSL_CTX_check_private_key(fresh->native_handle()) != 1)
        return Error{Errc::invalid_value, key_file_ + " is not the key of " + certificate_file_};
    context_ = std::move(fresh);
    return {};
}

}  // namespace cadenza::http
