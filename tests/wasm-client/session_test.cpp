#include "tests/wasm-client/driver.hpp"

namespace cadenza::client {

namespace {

std::string meta(const std::string& account) {
    Meta out;
    out.account = account;
    out.signed_in = true;
    return encode(out);
}

}  // namespace

TEST_CASE("the first visit ends at the welcome page") {
    Driver driver;
    driver.start();
    CHECK(driver.fetched("/api/config"));
    CHECK(driver.fetched("/api/session"));
    CHECK(driver.one<command::SetAttribute>() == command::SetAttribute{"data-state", "ready"});
    CHECK(driver.markup("main").find("<h1") == std::string::npos);
    driver.answer("/api/session", "{\"authenticated\":false}");
    driver.answer("/api/config", encode(Driver::config()));
    CHECK(driver.state.sign_in == SignIn::signed_out);
    CHECK(driver.markup("main").find("Try the demo") != std::string::npos);
    CHECK(driver.markup("bar").find(" hidden") != std::string::npos);
}

TEST_CASE("signing in leaves the page and comes back to it") {
    Driver driver;
    driver.start("/library/albums");
    driver.answer("/api/session", "{\"authenticated\":false}");
    driver.act(action::SignIn{});
    CHECK(driver.one<command::Leave>()->url == "/auth/login?return_to=%2Flibrary%2Falbums");
    driver.act(action::TryDemo{});
    CHECK(driver.one<command::Leave>()->url == "/auth/login?return_to=%2Flibrary%2Falbums&demo=1");
}

TEST_CASE("a failed sign-in says why, once") {
    Driver driver;
    driver.start("/?problem=denied");
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/", true});
    driver.answer("/api/session", "{\"authenticated\":false}");
    CHECK(driver.markup("main").find("You did not agree") != std::string::npos);
}

TEST_CASE("an outage signs nobody out") {
    Driver driver;
    driver.start("/", meta("anna"));
    driver.answer("/api/session", "bad gateway", 502);
    CHECK(driver.state.sign_in == SignIn::offline);
    CHECK(driver.one<command::StartTimer>()->timer == "session-again");
    driver.send(input::TimerFired{"session-again"});
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK(driver.state.sign_in == SignIn::signed_in);
}

TEST_CASE("without a network the last account's library is shown at once") {
    Driver driver;
    driver.start("/library/tracks", meta("anna"), false);
    CHECK(driver.state.sign_in == SignIn::offline);
    const auto reads = driver.all<command::StoreGet>();
    REQUIRE_FALSE(reads.empty());
    CHECK(reads[0].database == "cadenza-anna");
    CHECK(reads[0].key.starts_with("/api/library/tracks"));
}

TEST_CASE("a slow session does not hold the page back") {
    Driver driver;
    driver.start("/", meta("anna"));
    driver.send(input::TimerFired{"session-slow"});
    CHECK(driver.state.sign_in == SignIn::offline);
}

TEST_CASE("a session that ended keeps what is shown and asks to sign in") {
    Driver driver;
    driver.start("/", meta("anna"));
    driver.answer("/api/session", "{\"authenticated\":false}");
    CHECK(driver.state.sign_in == SignIn::expired);
    CHECK(driver.markup("notices").find("Sign in to continue") != std::string::npos);
    CHECK(driver.state.meta.account == "anna");
}

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
            const auto written = *decode<Meta>(kept->value);
            CHECK(written.account.empty());
            CHECK(written.logout_pending);
        }
        if (const auto* wipe = std::get_if<command::Wipe>(&driver.effects[i])) {
            wipe_at = i + 1;
            CHECK(wipe->database == "cadenza-anna");
        }
        if (const auto* fetch = std::get_if<command::Fetch>(&driver.effects[i])) {
            logout_at = i + 1;
            CHECK(fetch->url == "/auth/logout");
        }
    }
    CHECK(meta_at > 0);
    CHECK(meta_at < wipe_at);
    CHECK(wipe_at < logout_at);
    CHECK(driver.state.sign_in == SignIn::signed_out);
    driver.answer("logout", "", 204);
    CHECK_FALSE(driver.state.meta.logout_pending);
}

TEST_CASE("a sign-out made offline is told before anything else at the next start") {
    Meta left;
    left.logout_pending = true;
    Driver driver;
    driver.start("/", encode(left));
    CHECK(driver.fetched("/auth/logout"));
    CHECK_FALSE(driver.fetched("/api/session"));
    driver.fail("logout");
    CHECK(driver.state.meta.logout_pending);
    driver.send(input::TimerFired{"session-again"});
    driver.answer("logout", "", 204);
    CHECK(driver.fetched("/api/session"));
}

TEST_CASE("nothing of one account is seen by the next") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(SavedTrackPage{{{1, track(1)}}, 0, 1, 0}));
    driver.state.liked["spotify:track:x"] = true;
    driver.send(input::AccountSignalled{"bert"});
    driver.answer("/api/session", encode(driver.session("bert")));
    CHECK(driver.state.meta.account == "bert");
    CHECK(driver.state.liked.empty());
    CHECK(driver.rows().empty());
    for (const auto& read : driver.all<command::StoreGet>()) CHECK(read.database == "cadenza-bert");
}

TEST_CASE("when the backend says the account changed, the session is asked for") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", problem(ProblemCode::account_changed), 409);
    CHECK(driver.fetched("/api/session"));
}

TEST_CASE("a refused disconnect says why") {
    Driver driver;
    driver.sign_in();
    driver.act(action::Disconnect{});
    driver.answer("disconnect", problem(ProblemCode::account_changed), 409);
    CHECK(driver.markup("notices").find("Nothing was disconnected: details") != std::string::npos);
    CHECK(driver.state.sign_in == SignIn::signed_in);
}

TEST_CASE("disconnecting asks first, and can take everything along") {
    Driver driver;
    driver.sign_in();
    driver.act(action::AskDisconnect{});
    CHECK(driver.markup("dialogs").find("<dialog") != std::string::npos);
    driver.act(action::WipeToggled{}, "true");
    driver.act(action::Disconnect{});
    driver.answer("disconnect", "", 204);
    CHECK(driver.one<command::Wipe>() == command::Wipe{"cadenza-anna", true});
    CHECK(driver.state.sign_in == SignIn::signed_out);
}

}  // namespace cadenza::client
