#include "server/redis/url.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::redis {
namespace {

using Kind = Options::Kind;

Options good(std::string_view url) {
    CAPTURE(url);
    const auto options = parse_url(url);
    REQUIRE(options);
    return *options;
}

TEST_CASE("one server, with what may be left out") {
    CHECK(good("redis://cache").addresses == std::vector<Address>{{.host = "cache", .port = 6379}});
    CHECK(good("redis://cache:7000/").addresses == std::vector<Address>{{.host = "cache", .port = 7000}});
    CHECK(good("redis://[::1]:7000/3").addresses == std::vector<Address>{{.host = "::1", .port = 7000}});
    CHECK(good("redis://[::1]").addresses == std::vector<Address>{{.host = "::1", .port = 6379}});
    CHECK(good("redis://cache/3").database == 3);
    CHECK(good("redis://cache").credentials.empty());
    CHECK_FALSE(good("redis://cache").tls);
    CHECK(good("rediss://cache").tls == TlsFiles{});
}

TEST_CASE("user and password are decoded") {
    const auto options = good("redis://app%40x:p%2Fa%23ss%25@cache/1");
    CHECK(options.credentials.user == "app@x");
    CHECK(options.credentials.password.reveal() == "p/a#ss%");
    CHECK(good("redis://:secret@cache").credentials == Credentials{"", server::Secret("secret")});
    CHECK(good("redis://app:@cache").credentials == Credentials{"app", {}});
    CHECK(good("redis://app:a:b+c@cache").credentials.password.reveal() == "a:b+c");
}

TEST_CASE("files for TLS") {
    const auto options = good("rediss://cache?ca=/etc/ca.pem&cert=/a+b.pem&key=%2Fk.pem");
    CHECK(options.tls == TlsFiles{"/etc/ca.pem", "/a+b.pem", "/k.pem"});
}

TEST_CASE("sentinels, with credentials of their own") {
    const auto options = good(
        "redis+sentinel://app:pass@s1,s2:26380,[::1]:26381/my%20master/2"
        "?sentinel_user=watch&sentinel_password=o%26ther");
    CHECK(options.kind == Kind::sentinel);
    CHECK(options.addresses == std::vector<Address>{{.host = "s1", .port = 26379},
                                                    {.host = "s2", .port = 26380},
                                                    {.host = "::1", .port = 26381}});
    CHECK(options.master == "my master");
    CHECK(options.database == 2);
    CHECK(options.sentinel_credentials == Credentials{"watch", server::Secret("o&ther")});
    CHECK(good("rediss+sentinel://s1/m").tls);
}

TEST_CASE("a cluster and a Unix socket") {
    const auto cluster = good("rediss+cluster://:pass@c1:7001,c2");
    CHECK(cluster.kind == Kind::cluster);
    CHECK(cluster.addresses.size() == 2);
    CHECK(cluster.tls);
    const auto local = good("unix://app:pass@/run/my%20redis.sock?db=4");
    CHECK(local.addresses == std::vector<Address>{{.path = "/run/my redis.sock"}});
    CHECK(local.database == 4);
    CHECK(local.credentials.user == "app");
}

TEST_CASE("what is wrong is said without a word of the URL") {
    struct Case {
        std::string url;
        std::string problem;
    };
    const auto [url, problem] = GENERATE(values<Case>({
        {"", "begins with none of redis://"},
        {"hunter2", "begins with none of"},
        {"http://:hunter2@cache", "begins with none of"},
        {"redis://", "a host is missing"},
        {"redis://:hunter2@", "a host is missing"},
        {"redis://hunter2@cache", "a user without a password"},
        {"redis://app:hunter2/x@cache", "must be percent-encoded"},
        {"redis://app:hunter2#x@cache", "must be percent-encoded"},
        {"redis://app:hunter2?x@cache", "must be percent-encoded"},
        {"redis://app:hunter2%@cache", "the password has a broken %-escape"},
        {"redis://app:hunter2%00@cache", "the password contains a zero byte"},
        {"redis://app:hunter2", "a port must be a number from 1 to 65535"},
        {"redis://cache:0", "a port must be"},
        {"redis://cache:65536", "a port must be"},
        {"redis://cache:", "a port must be"},
        {"redis://[::1", "the brackets hold no IPv6 address"},
        {"redis://[hunter2]", "the brackets hold no IPv6 address"},
        {"redis://[fe80::1%eth0\n]", "the brackets hold no IPv6 address"},
        {std::string("redis://[::1") + '\0' + "hunter2]", "the brackets hold no IPv6 address"},
        {"redis://ca che", "a host is missing or is no host name"},
        {"redis://cache/hunter2", "the database must be a number"},
        {"redis://cache/-1", "the database must be a number"},
        {"redis://c1,c2", "several hosts"},
        {"redis://cache?hunter2", "an option is unknown"},
        {"redis://cache?ca=/x", "an option is unknown"},
        {"redis://cache?db=1", "an option is unknown"},
        {"rediss://cache?cert=/x", "cert and key go together"},
        {"redis+sentinel://s1", "the name of the master is missing"},
        {"redis+sentinel://s1/m?sentinel_user=hunter2", "sentinel_user goes with sentinel_password"},
        {"redis+cluster://c1/1", "a cluster has no databases"},
        {"unix://", "the path of the socket is missing"},
        {"unix://hunter2", "the path of the socket is missing"},
        {"unix:///" + std::string(107, 'x'), "longer than Unix allows"},
    }));
    CAPTURE(url);
    const auto options = parse_url(url);
    REQUIRE(options.has_error());
    CHECK(options.error().code == Errc::invalid_value);
    CHECK(options.error().detail.find(problem) != std::string::npos);
    CHECK(options.error().detail.find("hunter2") == std::string::npos);
}

TEST_CASE("a description leads to the same place and holds no password") {
    const std::string url = GENERATE(
        as<std::string>(), "redis://cache:6379", "redis://cache:6379/3", "redis://[::1]:6379",
        "redis://app:***@cache:6379", "redis://app:@cache:6379", "rediss://:***@cache:7000?ca=/ca.pem",
        "redis+sentinel://app:***@s1:26379,s2:26380/my%20master/2?sentinel_user=u&sentinel_password=***",
        "rediss+cluster://c1:7001,c2:7002?cert=/c.pem&key=/k.pem", "unix:///run/redis.sock?db=4",
        "unix://app:***@/run/redis.sock");
    auto secret = url;
    for (auto at = secret.find("***"); at != std::string::npos; at = secret.find("***"))
        secret.replace(at, 3, "hunter2");
    CHECK(describe(good(secret)) == url);
}

TEST_CASE("what is encoded in a URL is encoded where it is shown") {
    for (const std::string url :
         {"unix:///run/a%20b%3F%23%40/redis.sock?db=2", "rediss://h:6379?ca=/a%26key%3D%0Ab.pem",
          "redis+sentinel://h:26379/m?sentinel_user=a%26b&sentinel_password=***"})
        CHECK(describe(good(url)) == url);
}

}  // namespace
}  // namespace cadenza::redis
