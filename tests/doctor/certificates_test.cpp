#include "server/doctor/certificates.hpp"

#include "server/base/clock.hpp"
#include "tests/doctor/settings_of.hpp"
#include "tests/support/identity.hpp"

namespace cadenza::server::doctor {
namespace {

constexpr std::int64_t day = 24LL * 3600 * 1000;

Config secured() { return app({{"TLS_CERT_FILE", "/cert.pem"}, {"TLS_KEY_FILE", "/key.pem"}}); }

Finding own(const std::string& names, int days) {
    return own_certificate(secured(), {}, Identity(names, days).certificate, system_now());
}

}  // namespace

TEST_CASE("a certificate is read: its time, and whose it is") {
    const Identity identity("DNS:*.example.org,IP:127.0.0.1,IP:::1", 30);
    const auto read = [&](std::string_view host) {
        return read_certificate(identity.certificate, host).value();
    };
    CHECK(read("music.example.org").covers_host);
    CHECK(read("127.0.0.1").covers_host);
    CHECK(read("[::1]").covers_host);
    CHECK_FALSE(read("example.net").covers_host);
    CHECK_FALSE(read("127.0.0.2").covers_host);
    const auto now = system_now();
    CHECK(read("a").begins < now);
    CHECK(std::abs(read("a").ends - (now + 30 * day)) < day / 24);
    for (const std::string_view bad : {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
        CHECK_FALSE(read_certificate(bad, "a"));
    CHECK_FALSE(read_certificate(identity.key, "a"));
}

TEST_CASE("our own certificate: good, soon over, over, another's, unusable") {
    const std::string names = "DNS:music.example.org";
    CHECK(own(names, 90).state == State::ok);
    CHECK(own(names, 20).state == State::warning);
    CHECK(own(names, 22).state == State::ok);
    CHECK(own(names, -2).state == State::failed);
    CHECK(own(names, -2).what == "/cert.pem: the certificate expired 2 days ago");
    CHECK(own("DNS:example.net", 90).what == "/cert.pem: the certificate is not for music.example.org");

    const auto now = system_now();
    CHECK(own_certificate(app(), {}, "", now).state == State::skipped);
    CHECK(own_certificate(secured(), {}, "", now).state == State::failed);
    const auto other =
        own_certificate(secured(), Error{Errc::invalid_value, "/key.pem is not the key"}, "", now);
    CHECK(other.state == State::failed);
    CHECK(other.what == "/key.pem is not the key");
    CHECK(certificate("c", {now + day, now + 90 * day, true}, "h", now).state == State::failed);
}

TEST_CASE("what browsers are shown") {
    const std::int64_t now = 0;
    const Certificate good{-day, 60 * day, true};
    const auto state = [&](const Config& config, const Shown& shown) {
        return public_certificate(config, shown, now).state;
    };
    CHECK(state(app(), {"", "", good}) == State::ok);
    CHECK(state(settings_of({}), {}) == State::skipped);
    CHECK(state(app(), {"connection refused", "", {}}) == State::skipped);
    CHECK(state(app(), {}) == State::skipped);
    CHECK(state(app(), {"", "self-signed certificate", good}) == State::failed);
    CHECK(state(app(), {"", "wrong version number", {}}) == State::failed);
    CHECK(state(app(), {"", "", Certificate{-day, 5 * day, true}}) == State::warning);
    CHECK(state(app(), {"", "", Certificate{-day, 60 * day, false}}) == State::failed);
    CHECK(state(app(), {"", "certificate has expired", Certificate{-9 * day, -day, true}}) == State::failed);
}

}  // namespace cadenza::server::doctor
