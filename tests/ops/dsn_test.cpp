#include "server/sentry/dsn.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::sentry {
namespace {

TEST_CASE("a DSN is taken apart") {
    const auto hosted = parse_dsn("https://1b2c3d@o45.ingest.sentry.io/678");
    REQUIRE(hosted);
    CHECK(*hosted == Dsn{"https://o45.ingest.sentry.io", "", "1b2c3d", "678"});
    CHECK(hosted->envelope_target() == "/api/678/envelope/");

    const auto own = parse_dsn("https://abc@errors.example:8443/sub/path/1");
    REQUIRE(own);
    CHECK(*own == Dsn{"https://errors.example:8443", "/sub/path", "abc", "1"});
    CHECK(own->envelope_target() == "/sub/path/api/1/envelope/");

    for (const auto* loopback :
         {"http://a@127.0.0.1:9000/1", "http://a@localhost/1", "http://a@[::1]:9000/1", "http://a@[::1]/1"}) {
        CAPTURE(loopback);
        CHECK(parse_dsn(loopback));
    }
}

TEST_CASE("anything else is no DSN") {
    for (const auto* text : {"",
                             "x",
                             "https://",
                             "https://host/1",
                             "https://@host/1",
                             "https://key@host",
                             "https://key@host/",
                             "https://key@/1",
                             "https://key@host/x1",
                             "https://key@host/1/",
                             "https://key@host/1?x=1",
                             "https://key@host/1#x",
                             "https://key:secret@host/1",
                             "https://k%65y@host/1",
                             "https://key@host/1\n",
                             " https://key@host/1",
                             "http://key@host.example/1",
                             "http://key@10.0.0.1/1",
                             "ftp://key@host/1",
                             "https://key@host:0/1",
                             "https://key@host:65536/1",
                             "https://key@host:/1",
                             "https://key@host:+1/1",
                             "https://key@ho st/1",
                             "https://key@host//1",
                             "https://key@host/a//1",
                             "https://key@host/../1",
                             "https://key@other@host/1",
                             "https://key@[::1/1",
                             "https://key@[::2]/1",
                             "HTTPS://key@host/1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_dsn(text));
    }
}

}  // namespace
}  // namespace cadenza::sentry
