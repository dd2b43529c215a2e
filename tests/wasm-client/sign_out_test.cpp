#include "tests/wasm-client/driver.hpp"

namespace cadenza::client {

TEST_CASE("sign-out forgets the way to the data before it deletes it") {
    Driver driver;
    driver.sign_in();
    driver.act(action::SignOut{});
    std::size_t meta_at = 0;
    std::size_t wipe_at = 0;
    std::size_t logout_at = 0;
    for (std::size_t i = 0; i < driver.effects.size(); ++i) {
        if (const auto* kept = std::get_if<command::StoreMeta>(&driver.effects[i]); kept && meta_at == 0) {
            meta_at = i + 1;
            const auto written = *decode<MetaChange>(kept->value);
            CHECK(written.account == "");
            CHECK(written.logout_pending == "anna");
        }
        if (const auto* wipe = std::get_if<command::Wipe>(&driver.effects[i])) {
            wipe_at = i + 1;
            CHECK(wipe->database == "cadenza-anna");
        }
        if (const auto* fetch = std::get_if<command::Fetch>(&driver.effects[i])) {
            logout_at = i + 1;
            CHECK(fetch->url == "/auth/logout");
            CHECK(fetch->headers ==
                  std::vector<command::HeaderLine>{{"X-Cadenza", "1"}, {"X-Cadenza-Account", "anna"}});
        }
    }
    CHECK(meta_at > 0);
    CHECK(meta_at < wipe_at);
    CHECK(wipe_at < logout_at);
    CHECK(driver.state.sign_in == SignIn::signed_out);
    driver.answer("logout", "", 204);
    CHECK(driver.state.meta.logout_pending.empty());
    CHECK(decode<MetaChange>(driver.one<command::StoreMeta>()->value)->logout_pending == "");
}

TEST_CASE("a sign-out made offline is told before anything else at the next start") {
    Meta left;
    left.logout_pending = "anna";
    Driver driver;
    driver.start("/", encode(left));
    CHECK(driver.fetched("/auth/logout"));
    CHECK(driver.all<command::Fetch>().size() == 1);
    SECTION("as long as it takes") {
        driver.fail("logout");
        driver.send(input::TimerFired{"session-again"});
        CHECK(driver.fetched("/auth/logout"));
        driver.answer("logout", problem(ProblemCode::rate_limited), 429);
        CHECK(driver.state.meta.logout_pending == "anna");
        driver.send(input::NetworkChanged{true});
        CHECK(driver.all<command::Fetch>().size() == 1);
        driver.answer("logout", "", 204);
    }
    SECTION("which another account's sign-in has done already") {
        driver.answer("logout", problem(ProblemCode::account_changed), 409);
    }
    SECTION("which an ended session has done already") {
        driver.answer("logout", problem(ProblemCode::signed_out), 401);
    }
    CHECK(driver.state.meta.logout_pending.empty());
    CHECK(driver.fetched("/api/config"));
    CHECK(driver.fetched("/api/session"));
}

TEST_CASE("signing in waits until the sign-out before it was heard, which would end the new session") {
    Driver driver;
    driver.sign_in();
    driver.act(action::SignOut{});
    driver.act(action::TryDemo{});
    CHECK_FALSE(driver.one<command::Leave>());
    SECTION("and then goes on") {
        driver.answer("logout", "", 204);
        CHECK(driver.one<command::Leave>()->url == "/auth/login?return_to=%2F&demo=1");
    }
    SECTION("and then goes on when another tab was heard") {
        driver.send(input::AccountSignalled{"bert", ""});
        CHECK(driver.one<command::Leave>());
    }
    SECTION("and says so when it cannot be told") {
        driver.fail("logout");
        CHECK_FALSE(driver.one<command::Leave>());
        CHECK_FALSE(driver.state.leaving);
        CHECK(driver.markup("notices").find("Signing in has to wait") != std::string::npos);
    }
}

TEST_CASE("a session that was asked for before signing out brings nobody back") {
    Driver driver;
    driver.sign_in();
    driver.send(input::NetworkChanged{true});
    REQUIRE(driver.fetched("/api/session"));
    const auto old = driver.fetched("/api/session")->id;
    driver.act(action::SignOut{});
    driver.answer("logout", "", 204);
    driver.send(input::Answered{old, 200, encode(driver.session("anna")), std::nullopt});
    CHECK(driver.state.sign_in == SignIn::signed_out);
}

TEST_CASE("a tab follows the sign-out of another, and leaves nothing behind") {
    Driver driver;
    driver.sign_in("anna", "/search?q=secret");
    driver.act(action::AskDisconnect{});
    driver.send(input::AccountSignalled{"", "anna"});
    CHECK(driver.state.sign_in == SignIn::signed_out);
    CHECK(driver.state.typed.empty());
    CHECK_FALSE(driver.state.asking_disconnect);
    CHECK(driver.one<command::SetMedia>() == command::SetMedia{});
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/", true});
    CHECK(driver.one<command::StoreDrop>() == command::StoreDrop{"cadenza-anna"});
    CHECK_FALSE(driver.one<command::Wipe>());  // that is the other's work
    SECTION("and knows that it is still to be told") {
        driver.act(action::SignIn{});
        CHECK_FALSE(driver.one<command::Leave>());
        CHECK(driver.fetched("/auth/logout"));
    }
    SECTION("and forgets that when somebody signed in since") {
        driver.send(input::AccountSignalled{"anna", ""});
        CHECK(driver.fetched("/api/session"));
        CHECK_FALSE(driver.fetched("/auth/logout"));
    }
}

TEST_CASE("other tabs are told of a sign-out before the data goes") {
    Driver driver;
    driver.sign_in();
    driver.act(action::SignOut{});
    CHECK(driver.one<command::SignalAccount>() == command::SignalAccount{"", "anna"});
    const auto at = [&](auto is) {
        return std::find_if(driver.effects.begin(), driver.effects.end(), is) - driver.effects.begin();
    };
    CHECK(at([](const Command& one) { return std::holds_alternative<command::SignalAccount>(one); }) <
          at([](const Command& one) { return std::holds_alternative<command::Wipe>(one); }));
}

}  // namespace cadenza::client
