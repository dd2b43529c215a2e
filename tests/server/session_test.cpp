#include "server/session/key_ring.hpp"
#include "server/session/memory_session_store.hpp"
#include "server/session/session_cookie.hpp"
#include "server/session/sign_in_flow.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

constexpr std::int64_t hour = 3'600'000;

Session session(const std::string& account) {
    Session out;
    out.accounts.push_back({});
    out.accounts[0].key = account;
    return out;
}

std::optional<Session> find(SessionStore& store, const std::string& key, std::int64_t now) {
    return *run(store.find(key, now));
}

// What every store must do.
void behaves(SessionStore& store) {
    REQUIRE(run(store.create("a", session("anna"), 0)));
    REQUIRE(find(store, "a", 1));
    CHECK(find(store, "a", 1)->account().key == "anna");
    CHECK_FALSE(find(store, "b", 1));

    auto changed = *find(store, "a", 1);
    changed.account().reauthorize = true;
    REQUIRE(run(store.replace("a", changed)));
    CHECK(find(store, "a", 2)->account().reauthorize);

    REQUIRE(run(store.erase("a")));
    CHECK_FALSE(find(store, "a", 3));
    REQUIRE(run(store.replace("a", changed)));
    CHECK_FALSE(find(store, "a", 3));  // never brought back

    REQUIRE(run(store.create("c", session("anna"), 0)));
    REQUIRE(run(store.create("d", session("anna"), 0)));
    REQUIRE(run(store.create("e", session("bert"), 0)));
    REQUIRE(run(store.erase_account("anna")));
    CHECK_FALSE(find(store, "c", 1));
    CHECK_FALSE(find(store, "d", 1));
    CHECK(find(store, "e", 1));
}

http::Request with_cookie(const std::string& cookie) {
    http::Request request;
    request.headers.add("Cookie", cookie);
    return request;
}

}  // namespace

TEST_CASE("the memory store does what every store must") {
    MemorySessionStore store({});
    behaves(store);
}

TEST_CASE("sessions end unused, and at last in any case") {
    MemorySessionStore store({.idle = std::chrono::hours(2), .absolute = std::chrono::hours(5)});
    REQUIRE(run(store.create("a", session("anna"), 0)));
    CHECK(find(store, "a", hour));
    CHECK(find(store, "a", 2 * hour + hour / 2));  // used in between
    CHECK(find(store, "a", 4 * hour));
    CHECK_FALSE(find(store, "a", 5 * hour));
    REQUIRE(run(store.create("b", session("anna"), 0)));
    CHECK_FALSE(find(store, "b", 2 * hour));
    CHECK(store.size() == 0);
}

TEST_CASE("memory is bounded: the one unused for longest goes") {
    MemorySessionStore store({.capacity = 3, .per_account = 2});
    REQUIRE(run(store.create("a", session("anna"), 0)));
    REQUIRE(run(store.create("b", session("bert"), 0)));
    REQUIRE(run(store.create("c", session("cleo"), 0)));
    (void)find(store, "a", 1);
    REQUIRE(run(store.create("d", session("dora"), 1)));
    CHECK(find(store, "a", 2));
    CHECK_FALSE(find(store, "b", 2));
    REQUIRE(run(store.create("e", session("dora"), 2)));
    REQUIRE(run(store.create("f", session("dora"), 2)));
    CHECK_FALSE(find(store, "d", 3));
    CHECK(store.size() <= 3);
}

TEST_CASE("a key ring opens what older keys sealed") {
    const SealingKey old{"old", Secret(std::string(32, 'o'))};
    const SealingKey fresh{"new", Secret(std::string(32, 'n'))};
    const auto sealed = KeyRing({old}).seal("text", "purpose");
    CHECK(KeyRing({fresh, old}).open(sealed, "purpose") == "text");
    CHECK_FALSE(KeyRing({fresh}).open(sealed, "purpose"));
    CHECK_FALSE(KeyRing({old}).open(sealed, "another"));
    CHECK(KeyRing({fresh, old}).seal("text", "purpose").starts_with("new."));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto bent = sealed;
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(KeyRing({old}).open(bent, "purpose") == "text");
    }
}

TEST_CASE("the session cookie") {
    const std::string sid(43, 'A');
    const SessionCookie plain{false, std::chrono::hours(1)};
    CHECK(plain.set(sid) == "sid=" + sid + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600");
    const SessionCookie secure{true, std::chrono::hours(1)};
    CHECK(secure.set(sid).starts_with("__Host-sid="));
    CHECK(secure.set(sid).find("; Secure") != std::string::npos);
    CHECK(plain.read(with_cookie("a=b; sid=" + sid)) == sid);
    CHECK_FALSE(plain.read(with_cookie("sid=" + sid + "; sid=" + sid)));
    CHECK_FALSE(plain.read(with_cookie("sid=short")));
    CHECK_FALSE(plain.read(with_cookie("sid=" + std::string(42, 'A') + "*")));
    CHECK_FALSE(secure.read(with_cookie("sid=" + sid)));
    CHECK(store_key(sid) != sid);
}

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
