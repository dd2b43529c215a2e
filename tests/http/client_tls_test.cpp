// Whom the client believes to be who they say.

#include "server/http/client.hpp"
#include "tests/http/identity.hpp"
#include "tests/http/scripted_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

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
