// Which servers are believed to be who they say, and how we prove who we are.

#include "server/redis/stream.hpp"
#include "tests/redis/harness.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

TEST_CASE("a server is believed by name and by address") {
    const TlsServer server(Identity("DNS:localhost,IP:127.0.0.1"));
    Caller caller(server.options(GENERATE(as<std::string>(), "localhost", "127.0.0.1")));
    const auto value = std::string(200'000, 'x');
    CHECK(caller.text({"SET", "k", value}) == "OK");
    CHECK(caller.text({"GET", "k"}) == value);
}

TEST_CASE("a certificate for another name, or over, is refused") {
    const auto [names, days] = GENERATE(table<std::string, int>(
        {{"DNS:example.org,IP:127.0.0.2", 1}, {"DNS:127.0.0.1", 1}, {"DNS:localhost,IP:127.0.0.1", -1}}));
    const TlsServer server(Identity(names, days));
    Caller caller(server.options(names == "DNS:127.0.0.1" ? "127.0.0.1" : "localhost"));
    CHECK(caller.text({"GET", "k"}).starts_with("!redis: tls: "));
}

TEST_CASE("an authority that is not ours is refused") {
    const TlsServer server(Identity("DNS:localhost"));
    auto options = server.options("localhost");
    options.tls->ca =
        GENERATE(true, false) ? "" : server.folder.write("other.pem", Identity("DNS:localhost").certificate);
    Caller caller(options);
    CHECK(caller.text({"GET", "k"}).starts_with("!redis: tls: "));
}

TEST_CASE("a client proves who it is") {
    const TlsServer server(Identity("DNS:localhost"), "yes");
    auto options = server.options("localhost");
    SECTION("with nothing") {
        Caller caller(options);
        CHECK(caller.text({"GET", "k"}).starts_with("!redis: "));
    }
    SECTION("with its certificate, and a renewed one without a restart") {
        const auto key = server.folder.write("client.key", "no key yet");
        options.tls->certificate = server.folder.write("client.pem", server.client.certificate);
        options.tls->key = key;
        options.timeouts.retry_wanted = 10ms;
        Caller caller(options);
        CHECK(caller.text({"GET", "k"}).starts_with("!redis: tls: key " + key));
        server.folder.write("client.key", server.client.key);
        CHECK(caller.recovers());
    }
}

TEST_CASE("files are checked before they are needed") {
    const TemporaryFolder folder;
    const Identity one("DNS:a");
    const Identity other("DNS:b");
    const TlsFiles good{.ca = folder.write("ca", one.certificate),
                        .certificate = folder.write("cert", one.certificate),
                        .key = folder.write("key", one.key)};
    CHECK(check_files(good));
    auto bad = good;
    bad.ca = folder.path() + "/absent";
    CHECK(check_files(bad).error().detail.starts_with("redis: tls: authorities " + bad.ca));
    bad = good;
    bad.key = folder.write("other", other.key);
    CHECK(check_files(bad).error().detail.starts_with("redis: tls: key " + bad.key));
}

}  // namespace
}  // namespace cadenza::redis
