#include "server/http/cookies.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;

std::vector<Cookie> parse(const std::string& field) { return cookies_of({.headers = {{"Cookie", field}}}); }

TEST_CASE("cookies come in the order sent, twins included") {
    CHECK(cookies_of({}).empty());
    const auto [field, cookies] = GENERATE(table<std::string, std::vector<Cookie>>({
        {"", {}},
        {"sid=abc", {{"sid", "abc"}}},
        {"a=1; b=2;c=3", {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
        {"sid=1; sid=2", {{"sid", "1"}, {"sid", "2"}}},
        {"__Host-sid=a-_.~!#$%&'()*+/:<=>?@[]^`{|}", {{"__Host-sid", "a-_.~!#$%&'()*+/:<=>?@[]^`{|}"}}},
        {"a=", {{"a", ""}}},
        {"a==b=", {{"a", "=b="}}},
        {";; a=1 ;  ; b=2; ", {{"a", "1"}, {"b", "2"}}},
        {"\ta=1;\tb=2\t", {{"a", "1"}, {"b", "2"}}},
    }));
    CAPTURE(field);
    CHECK(parse(field) == cookies);
}

TEST_CASE("what no cookie looks like is left out, and its neighbours stay") {
    const auto pair = GENERATE(as<std::string>(), "sid", "=x", "sid=\"x\"", "sid=a b", "sid=a,b", "sid=a\\b",
                               "sid=a\tb", "sid=\x7F", "sid=\xC3\xA9", "sid =x", "s id=x", "s\"id=x",
                               "s[id=x", "sid=\x01", "\xC3\xA9=x", "=");
    CAPTURE(pair);
    CHECK(parse("a=1; " + pair + "; b=2") == std::vector<Cookie>{{"a", "1"}, {"b", "2"}});
    CHECK(parse(pair).empty());
}

TEST_CASE("any bytes are parsed, and what comes out is clean") {
    Random random(7);
    std::size_t found = 0;
    for (int round = 0; round < 2'000; ++round) {
        const auto field = random.chance(50) ? random.bytes(random.below(60))
                                             : random.from("aabbcc===;; \t\",\\", random.below(60));
        for (const auto& cookie : parse(field)) {
            ++found;
            CHECK_FALSE(cookie.name.empty());
            CHECK(cookie.name.find_first_of("=; \t\",\\") == std::string::npos);
            CHECK(cookie.value.find_first_of("; \t\",\\") == std::string::npos);
        }
    }
    CHECK(found > 100);
}

TEST_CASE("a cookie is set for this host, out of scripts' reach") {
    CHECK(render({.name = "__Host-sid", .value = "abc"}) ==
          "__Host-sid=abc; Path=/; HttpOnly; Secure; SameSite=Strict");
    CHECK(render({.name = "sid", .value = "abc", .same_site = SameSite::lax, .secure = false}) ==
          "sid=abc; Path=/; HttpOnly; SameSite=Lax");
    CHECK(render({.name = "__Host-login-1", .value = "", .max_age = 10min}) ==
          "__Host-login-1=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=600");
    CHECK(render({.name = "sid", .value = "", .max_age = 0s}).ends_with("; Max-Age=0"));
}

}  // namespace
}  // namespace cadenza::http
