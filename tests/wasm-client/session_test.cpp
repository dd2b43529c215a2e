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

TEST_CASE("errors are reported only where the server says where to") {
    Driver driver;
    driver.start();
    driver.answer("/api/config", encode(Driver::config()));
    CHECK(!driver.one<command::ReportErrors>());

    Driver reporting;
    reporting.start();
    auto config = Driver::config();
    config.demo = false;
    config.sentry_dsn = "https://k1@errors.example.org/7";
    reporting.answer("/api/config", encode(config));
    CHECK(reporting.one<command::ReportErrors>() ==
          command::ReportErrors{"https://k1@errors.example.org/7", "production"});
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

TEST_CASE("tabs share one record, so each writes what it means to and no more") {
    Driver driver;
    driver.sign_in();
    driver.act(action::SetTheme{Theme::light});
    CHECK(driver.one<command::StoreMeta>() == command::StoreMeta{"{\"theme\":\"light\"}"});
}

TEST_CASE("what was typed by one account is not in the address of the next") {
    Driver driver;
    driver.sign_in("anna", "/search?q=secret");
    driver.send(input::AccountSignalled{"bert", ""});
    driver.answer("/api/session", encode(driver.session("bert")));
    CHECK(driver.state.typed.empty());
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/", true});
}

TEST_CASE("the first sign-in on a device keeps the words searched for, and the config under way") {
    Driver driver;
    driver.start("/search?q=moon");
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK(driver.state.typed == "moon");
    driver.answer("/api/config", encode(Driver::config()));
    CHECK(driver.one<command::SdkStart>());
}

TEST_CASE("back from the sign-in page, signing in works again") {
    Driver driver;
    driver.start();
    driver.answer("/api/session", "{\"authenticated\":false}");
    driver.act(action::SignIn{});
    CHECK(driver.markup("main").find(" disabled") != std::string::npos);
    driver.send(input::Resumed{});
    CHECK(driver.markup("main").find(" disabled") == std::string::npos);
    CHECK(driver.fetched("/api/session"));
}

TEST_CASE("what is too old leaves the device, though not while the page is being filled") {
    Driver driver;
    driver.start("/", meta("anna"));
    CHECK_FALSE(driver.one<command::StoreExpire>());
    driver.send(input::TimerFired{"expire"});
    const auto expire = driver.one<command::StoreExpire>();
    REQUIRE(expire);
    CHECK(expire->database == "cadenza-anna");
    CHECK(expire->prefix == "/api/");  // never the edits that wait
    CHECK(driver.now - expire->before == 30LL * 24 * 3'600'000);
}

TEST_CASE("nothing of one account is seen by the next") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(SavedTrackPage{{{1, track(1)}}, 0, 1, 0}));
    driver.state.liked["spotify:track:x"] = true;
    driver.send(input::AccountSignalled{"bert", ""});
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
    driver.act(action::CancelDisconnect{});
    CHECK_FALSE(driver.state.wipe_everything);
    driver.act(action::AskDisconnect{});
    driver.act(action::WipeToggled{}, "true");
    driver.act(action::Disconnect{});
    driver.answer("disconnect", "", 204);
    CHECK(driver.one<command::Wipe>() == command::Wipe{"cadenza-anna", true});
    CHECK(driver.state.sign_in == SignIn::signed_out);
}

}  // namespace cadenza::client
