#include "server/session/session_cookie.hpp"

#include "server/session/cookie_session_store.hpp"
#include "server/session/sid.hpp"
#include "server/session/user_agent.hpp"
#include "tests/server/store_rig.hpp"

namespace cadenza::server {
namespace {

http::Request with_cookie(const std::string& cookie) {
    http::Request request;
    request.headers.add("Cookie", cookie);
    return request;
}

// What the browser sends after these answers.
std::string header_of(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        if (line.find("Max-Age=0") == line.npos)
            out += (out.empty() ? "" : "; ") + line.substr(0, line.find(';'));
    return out;
}

std::string sealed(std::size_t size) { return "k1." + std::string(size - 3, 'A'); }

const SessionCookie plain{false, std::chrono::hours(1)};
const SessionCookie secure{true, std::chrono::hours(1)};

}  // namespace

TEST_CASE("the session cookie") {
    const std::string sid(54, 'A');
    CHECK(plain.set(sid, 0) ==
          std::vector{"sid=" + sid + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600"});
    CHECK(secure.set(sid, 1)[0].starts_with("__Host-sid="));
    CHECK(secure.set(sid, 1)[0].find("; Secure") != std::string::npos);
    CHECK(plain.read(with_cookie("a=b; sid=" + sid)) == sid);
    CHECK_FALSE(plain.read(with_cookie("sid=" + sid + "; sid=" + sid)));
    CHECK_FALSE(plain.read(with_cookie("sid=short")));
    CHECK_FALSE(plain.read(with_cookie("sid=" + std::string(42, 'A') + "*")));
    CHECK_FALSE(secure.read(with_cookie("sid=" + sid)));
    CHECK(plain.clear(0) == std::vector<std::string>{"sid=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"});
}

TEST_CASE("a sealed session is cut into as many cookies as it needs, and comes back whole") {
    for (const std::size_t size : {10u, 3'798u, 3'799u, 3'800u, 3'801u, 7'599u, 7'600u, 11'399u}) {
        CAPTURE(size);
        const auto ticket = sealed(size);
        const auto lines = plain.set(ticket, 0);
        CHECK(lines.size() == SessionCookie::most_parts);  // the rest are cleared
        for (const auto& line : lines) CHECK(line.substr(0, line.find(';')).size() <= 4'096);
        CHECK(plain.read(with_cookie(header_of(lines))) == ticket);
    }
    CHECK(SessionCookie::most_ticket_size == 11'399);
}

TEST_CASE("a part that an earlier, longer session left behind is never taken for one") {
    const auto longer = header_of(plain.set(sealed(9'000), 0));
    const auto shorter = header_of(plain.set(sealed(100), 0));
    const auto stale = longer.substr(longer.find("; "));
    CHECK(plain.read(with_cookie(shorter + stale)) == sealed(100));
    // A sid clears what it finds.
    const auto request = with_cookie("sid=x" + stale);
    CHECK(plain.parts_in(request) == 3);
    const auto lines = plain.set(std::string(54, 'A'), plain.parts_in(request));
    REQUIRE(lines.size() == 3);
    CHECK(lines[1].starts_with("sid.1=;"));
    CHECK(lines[2].starts_with("sid.2=;"));
    CHECK(lines[2].find("Max-Age=0") != std::string::npos);
    CHECK(plain.clear(plain.parts_in(request)).size() == 3);
}

TEST_CASE("a sealed session with a part missing, doubled or made up is none") {
    const auto whole = header_of(plain.set(sealed(9'000), 0));
    const auto second = whole.substr(whole.find("; ") + 2);
    for (const auto& header :
         {whole.substr(0, whole.find("; ")), whole.substr(0, whole.rfind("; ")), whole + "; " + second,
          whole + "; sid=" + sealed(10), std::string("sid=4") + sealed(10), std::string("sid=0") + sealed(10),
          std::string("sid=.") + sealed(10), std::string("sid=1") + sealed(3'900)}) {
        CAPTURE(header.size());
        CHECK_FALSE(plain.read(with_cookie(header)));
    }
}

TEST_CASE("cookies of one name are told from none, if they hide the session") {
    const std::string sid(54, 'A');
    const auto [header, doubled] = GENERATE_COPY(table<std::string, bool>({
        {"", false},
        {"sid=" + sid, false},
        {"sid=" + sid + "; sid=" + sid, true},
        {"sid=" + sid + "; a=1; sid=short", true},
        {"sid=1" + sealed(9) + "; sid.1=x; sid.1=y", false},  // left behind, and not looked at
        {"sid=2" + sealed(9) + "; sid.1=x; sid.1=y", true},
        {"sid=" + sid + "; sid=\"" + sid + "\"", false},  // the second is no cookie
        {"sid=" + sid + "; side=1; side=2; sid.=1; sid.=2", false},
    }));
    CAPTURE(header);
    CHECK(plain.is_doubled(with_cookie(header)) == doubled);
    if (doubled) CHECK_FALSE(plain.read(with_cookie(header)));
}

TEST_CASE("a session that fits into no cookies is not begun") {
    const auto keys = KeyRing::fresh();
    CookieSessionStore store(keys, {});
    auto session = session_of("anna");
    session.accounts[0].name = std::string(9'000, 'n');
    const auto refused = run(store.create(session, 0));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::invalid_value);
    session.accounts[0].name = std::string(6'000, 'n');
    CHECK(run(store.create(session, 0)));
}

TEST_CASE("a sealed session says nothing to who has not the key, and is not sealed anew for nothing") {
    const auto keys = KeyRing::fresh();
    CookieSessionStore store(keys, {});
    const auto ticket = *run(store.create(session_of("anna"), 0));
    CHECK(ticket.reveal().find("anna") == std::string::npos);
    CHECK_FALSE(*run(CookieSessionStore(KeyRing::fresh(), {}).find(ticket, 0)));
    CHECK_FALSE((*run(store.find(ticket, 59 * 60'000)))->ticket);
    CHECK((*run(store.find(ticket, 60 * 60'000)))->ticket);
}

TEST_CASE("what was opened before opens as it did, and no longer than its key is there") {
    const SealingKey old_key{"a", Secret(std::string(32, 'a'))};
    const SealingKey new_key{"b", Secret(std::string(32, 'b'))};
    KeyRing keys({old_key});
    int opened = 0;
    keys.watch([&](std::string_view, std::string_view) { ++opened; });
    CookieSessionStore store(keys, {.opened = 2});
    const auto ticket = *run(store.create(session_of("anna"), 0));
    const auto first = *run(store.find(ticket, 0));
    const auto second = *run(store.find(ticket, 0));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(second->session == first->session);
    CHECK(opened == 1);
    // Altered by one character, wherever: never taken for it.
    for (const auto at : {ticket.reveal().size() - 1, ticket.reveal().size() / 2, std::size_t{4}}) {
        auto altered = ticket.reveal();
        altered[at] = altered[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(*run(store.find(Secret(altered), 0)));
    }
    // Only so many are remembered.
    for (const auto* other : {"bert", "carl"})
        CHECK(*run(store.find(*run(store.create(session_of(other), 0)), 0)));
    opened = 0;
    CHECK(*run(store.find(ticket, 0)));
    CHECK(opened == 1);
    // Under a key that is no longer the first each opening is counted, so that one sees when it may go.
    keys.reload({new_key, old_key});
    for (int i = 0; i < 2; ++i) CHECK((*run(store.find(ticket, 0)))->ticket);
    CHECK(opened == 3);
    keys.reload({new_key});
    CHECK_FALSE(*run(store.find(ticket, 0)));
}

TEST_CASE("an answer on its way does not undo what another did to the cookie") {
    const auto keys = KeyRing::fresh();
    CookieSessionStore store(keys, {});
    const auto first = *run(store.create(session_of("anna"), 0));
    auto session = (*run(store.find(first, 0)))->session;
    session.account().grant.access_token = Secret("newer");
    const auto replaced = *run(store.replace(first, session));
    REQUIRE(replaced.ticket);
    // Sent before the answer with the new cookie came.
    const auto found = *run(store.find(first, 0));
    CHECK(found->session.account().grant.access_token == Secret("newer"));
    CHECK(found->ticket);
    CHECK_FALSE((*run(store.find(*replaced.ticket, 0)))->ticket);
    // Set by an answer that came after signing out.
    REQUIRE(run(store.erase(store.key_of(first))));
    CHECK_FALSE(*run(store.find(*replaced.ticket, 0)));
}

TEST_CASE("a browser is named so that people know it, and by nothing it made up") {
    const std::vector<std::pair<const char*, const char*>> table{
        {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
         "Safari/537.36",
         "Chrome on Windows"},
        {"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0",
         "Edge on Windows"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
         "Safari on macOS"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 "
         "Mobile/15E148 Safari/604.1",
         "Chrome on iPhone"},
        {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0 Mobile "
         "Safari/537.36",
         "Samsung Internet on Android"},
        {"<script>alert(1)</script>", "Unknown browser"},
        {"", "Unknown browser"}};
    for (const auto& [field, name] : table) CHECK(browser_of(field) == name);
}

}  // namespace cadenza::server
