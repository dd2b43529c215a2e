// TLS of our own: who is let in, what is shown, and that nothing hangs.

#include "server/http/server_tls.hpp"
#include "tests/edge/tls_client.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/identity.hpp"
#include "tests/support/process.hpp"
#include "tests/support/program.hpp"

#include <filesystem>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /ok HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

struct Secured {
    explicit Secured(Limits limits = {}, Handler handler = {})
        : limits_(limits), handler_(std::move(handler)) {
        put(identity);
        REQUIRE(tls.load());
        server.emplace(ListenerOptions{.limits = limits_, .tls = &tls}, handler_);
    }
    void put(const Identity& other) const {
        folder.write("cert.pem", other.certificate);
        folder.write("key.pem", other.key);
    }
    Status reload() {
        Status out;
        server->on_thread([&] { out = tls.load(); });
        return out;
    }
    std::uint16_t port() const { return server->port(); }

    TemporaryFolder folder;
    Identity identity{"DNS:localhost,IP:127.0.0.1"};
    ServerTls tls{folder.path() + "/cert.pem", folder.path() + "/key.pem"};
    Limits limits_;
    Handler handler_;
    std::optional<LiveServer> server;
};

TlsClient::Settings at_most(int version) {
    return [version](SSL_CTX* context) {
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, version);
    };
}

}  // namespace

TEST_CASE("a request over TLS is a request that knows it") {
    Secured secured;
    TlsClient client(secured.port());
    REQUIRE_FALSE(client.error);
    CHECK(client.version() == "TLSv1.3");
    const auto answers =
        answers_in(client.ask("POST /ok HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get));
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].body == "abc");
    CHECK(answers[1].field("connection") == "close");
    CHECK(client.error == asio::error::eof);  // an orderly end, not a cut
    REQUIRE(secured.server->requests().size() == 2);
    CHECK(secured.server->requests()[0].secure == true);
    CHECK(secured.server->requests()[0].remote == "127.0.0.1");
    CHECK(secured.server->holds(0));
}

TEST_CASE("TLS 1.2 with forward secrecy is the least there is") {
    Secured secured;
    TlsClient good(secured.port(), at_most(TLS1_2_VERSION));
    REQUIRE_FALSE(good.error);
    CHECK(good.version() == "TLSv1.2");
    CHECK(good.cipher().starts_with("ECDHE-"));
    for (const auto version : {TLS1_VERSION, TLS1_1_VERSION}) {
        TlsClient old(secured.port(), at_most(version));
        CHECK(old.error);
    }
    for (const auto* ciphers :
         {"AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "aNULL", "eNULL"}) {
        CAPTURE(ciphers);
        TlsClient weak(secured.port(), [&](SSL_CTX* context) {
            at_most(TLS1_2_VERSION)(context);
            REQUIRE(SSL_CTX_set_cipher_list(context, ciphers) == 1);
        });
        CHECK(weak.error);
    }
    CHECK(secured.server->holds(1));
}

TEST_CASE("a client that wants another protocol than HTTP/1.1 gets none") {
    Secured secured;
    const auto offering = [](std::string names) {
        return [names](SSL_CTX* context) {
            SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(names.data()),
                                    static_cast<unsigned>(names.size()));
        };
    };
    TlsClient both(secured.port(), offering("\x02h2\x08http/1.1"));
    REQUIRE_FALSE(both.error);
    CHECK(answers_in(both.ask(get)).size() == 1);
    TlsClient other(secured.port(), offering("\x02h2"));
    CHECK(other.error);
}

TEST_CASE("a new certificate is shown from then on, a bad one never") {
    Secured secured;
    TlsClient before(secured.port());
    const Identity next("DNS:localhost");
    secured.put(next);
    REQUIRE(secured.reload());
    TlsClient after(secured.port());
    CHECK(before.certificate() != after.certificate());
    CHECK(answers_in(before.ask(get)).size() == 1);  // what is open stays
    CHECK(answers_in(after.ask(get)).size() == 1);

    const auto refused = [&] {
        const auto loaded = secured.reload();
        REQUIRE(loaded.has_error());
        CHECK(loaded.error().detail.find("PRIVATE") == std::string::npos);
        TlsClient client(secured.port());
        CHECK(client.certificate() == after.certificate());
        return loaded.error().detail;
    };
    secured.folder.write("cert.pem", secured.identity.certificate);  // another key's
    CHECK(refused().find("key.pem") != std::string::npos);
    secured.folder.write("cert.pem", "nothing of use");
    CHECK(refused().find("cert.pem") != std::string::npos);
    std::filesystem::remove(secured.folder.path() + "/cert.pem");
    CHECK(refused().find("cert.pem") != std::string::npos);
    secured.put(secured.identity);
    secured.folder.write("key.pem", secured.identity.key.substr(0, 80));
    CHECK(refused().find("key.pem") != std::string::npos);
}

TEST_CASE("bytes that are no TLS close the connection, in order") {
    Secured secured;
    for (const auto& bytes :
         {std::string(get), std::string(40'000, 'x'), std::string("\x16\x03\x01\xFF\xFF")}) {
        Peer peer(secured.port());
        peer.send(bytes);
        peer.finish();
        const auto answer = peer.read_all();
        CHECK(answer.find("HTTP/") == std::string::npos);
        CHECK_FALSE(peer.was_reset());
        CHECK(secured.server->holds(0));
    }
    CHECK(secured.server->requests().empty());
    TlsClient still(secured.port());
    CHECK(answers_in(still.ask(get)).size() == 1);
}

TEST_CASE("the time for the first byte is the time for the handshake too") {
    Secured secured({.first_byte = 60ms, .linger = 60ms});
    Peer silent(secured.port());
    CHECK(silent.read_all().empty());
    Peer slow(secured.port());
    slow.send("\x16\x03\x01");
    CHECK(slow.read_all().empty());
    TlsClient mute(secured.port());
    REQUIRE_FALSE(mute.error);
    CHECK(mute.read_all().empty());
    CHECK(secured.server->holds(0));
}

TEST_CASE("a peer that vanishes from TLS leaves nothing behind") {
    Secured secured;
    Peer peer(secured.port());
    peer.send("\x16\x03\x01\x02");
    REQUIRE(secured.server->holds(1));
    peer.vanish();
    CHECK(secured.server->holds(0));
    {
        TlsClient client(secured.port());
        client.send("GET / HT");
        REQUIRE(secured.server->holds(1));
    }
    CHECK(secured.server->holds(0));
}

TEST_CASE("large answers and refused bodies go over TLS whole") {
    Secured secured({}, [](Request) -> asio::awaitable<Response> {
        co_return Response::text(200, std::string(4 * 1024 * 1024, 'x'));
    });
    TlsClient client(secured.port());
    CHECK(answers_in(client.ask(get))[0].body.size() == 4 * 1024 * 1024);
    TlsClient refused(secured.port());
    const auto answers = answers_in(refused.ask(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x')));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 413);
}

TEST_CASE("draining closes idle TLS connections and ends the others in order") {
    Secured secured;
    TlsClient idle(secured.port());
    TlsClient used(secured.port());
    used.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(used.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
    REQUIRE(secured.server->holds(2));
    CHECK(secured.server->drain(30s) < 30s);
    CHECK(idle.read_all().empty());
}

}  // namespace cadenza::http
