#include "server/base/deadline.hpp"
#include "server/config_address.hpp"
#include "server/doctor/asking.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace cadenza::server::doctor {
namespace {

constexpr std::chrono::seconds patience(4);
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct Place {
    std::string host;  // without brackets
    std::string port;
};

Place place_of(const std::string& origin) {
    constexpr std::string_view scheme = "https://";
    auto host = host_of(origin);
    const auto behind = origin.substr(std::min(origin.size(), scheme.size() + host.size()));
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return {std::move(host), behind.starts_with(':') ? behind.substr(1) : "443"};
}

// By value: it may outlive who asked.
asio::awaitable<Shown> connect(asio::any_io_executor executor, Place place) {
    Shown out;
    asio::ip::tcp::resolver resolver(executor);
    const auto [unknown, endpoints] = co_await resolver.async_resolve(place.host, place.port, as_result);
    if (unknown) {
        out.unreachable = unknown.message();
        co_return out;
    }
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_default_verify_paths();
    asio::ssl::stream<asio::ip::tcp::socket> stream(executor, tls);
    const auto [refused, endpoint] = co_await asio::async_connect(stream.next_layer(), endpoints, as_result);
    if (refused) {
        out.unreachable = refused.message();
        co_return out;
    }
    // What is wrong is asked afterwards, so that a certificate that is no good can be looked at, too.
    stream.set_verify_mode(asio::ssl::verify_none);
    auto* const native = stream.native_handle();
    boost::system::error_code is_name;
    asio::ip::make_address(place.host, is_name);  // RFC 6066, 3: addresses are not server names
    if (is_name) SSL_set_tlsext_host_name(native, place.host.c_str());
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (failed) {
        out.distrusted = failed.message();
        co_return out;
    }
    if (const auto verdict = SSL_get_verify_result(native); verdict != X509_V_OK)
        out.distrusted = X509_verify_cert_error_string(verdict);
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(native), X509_free);
    if (shown) out.certificate = read_certificate(*shown, place.host);
    co_return out;
}

}  // namespace

asio::awaitable<Shown> look_at(asio::any_io_executor executor, std::string origin) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto out = co_await within(executor, deadline, connect(executor, place_of(origin)));
    co_return out ? std::move(*out) : Shown{"no answer within 4 s", "", {}};
}

}  // namespace cadenza::server::doctor
