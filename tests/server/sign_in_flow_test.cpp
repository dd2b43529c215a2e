#include "server/session/sign_in_flow.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::server {
namespace {

http::Request with_cookie(const std::string& cookie) {
    http::Request request;
    request.headers.add("Cookie", cookie);
    return request;
}

}  // namespace

TEST_CASE("a sign-in under way belongs to its state, its browser and ten minutes") {
    const auto keys = KeyRing::fresh();
    const SignInCookies cookies(keys, false);
    const auto flow = SignInCookies::begin("/settings", "", 1'000);
    CHECK(flow.verifier.size() == 43);
    const auto set = cookies.set({}, flow);
    REQUIRE(set.size() == 1);
    CHECK(set[0].find("SameSite=Lax") != std::string::npos);
    const auto request = with_cookie(set[0].substr(0, set[0].find(';')));
    CHECK(cookies.find(request, flow.state, 2'000) == flow);
    CHECK_FALSE(cookies.find(request, flow.state + "x", 2'000));
    CHECK_FALSE(cookies.find(request, flow.state.substr(0, 8), 2'000));
    CHECK_FALSE(cookies.find({}, flow.state, 2'000));
    CHECK_FALSE(cookies.find(request, flow.state, 1'000 + 600'001));
    CHECK_FALSE(SignInCookies(KeyRing::fresh(), false).find(request, flow.state, 2'000));
}

TEST_CASE("at most five sign-ins are under way in a browser") {
    const auto keys = KeyRing::fresh();
    const SignInCookies cookies(keys, false);
    http::Request request;
    std::string header;
    for (int i = 0; i < 6; ++i)
        header += (i ? "; " : "") + std::string("login-0000000") + std::to_string(i) + "=x";
    request.headers.add("Cookie", header);
    const auto set = cookies.set(request, SignInCookies::begin("/", "", 0));
    REQUIRE(set.size() == 3);
    CHECK(set[0].starts_with("login-00000000=;"));
    CHECK(set[1].starts_with("login-00000001=;"));
}

TEST_CASE("nobody is sent to another place after signing in") {
    for (const auto* good : {"/", "/library/tracks", "/search?q=a%20b", "/settings"})
        CHECK(safe_return_to(good) == good);
    for (const auto* bad : {"",
                            "//evil.example",
                            "/\\evil.example",
                            "\\\\evil.example",
                            "https://evil.example",
                            "http:evil.example",
                            "/..//evil.example",
                            "/%2f%2fevil.example",
                            "/\t/evil.example",
                            "/ /evil.example",
                            "javascript:alert(1)",
                            "data:text/html,x",
                            "/@evil.example",
                            "///evil.example",
                            "/.evil.example",
                            "evil.example",
                            "@evil.example",
                            "/api/session",
                            "/auth/login",
                            "/search#x",
                            "/settings\r\nSet-Cookie: a=b",
                            "/settings\nx",
                            "/search?q=\r\n",
                            "/playlist/x",
                            "/settings/../..//evil.example",
                            "?//evil.example",
                            "/settings;//evil",
                            "%2Fsettings",
                            "/\u2215evil.example",
                            "//",
                            "/\\",
                            "/library/tracks\\@evil"})
        CHECK(safe_return_to(bad) == "/");
}

}  // namespace cadenza::server
