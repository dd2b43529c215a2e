// What was asked of the player, and what it says it does.

#include "tests/wasm-client/player_scene.hpp"

namespace cadenza::client {

namespace {

const Device& device(const Driver& driver) { return *driver.state.player.now.device; }
const Playback& now(const Driver& driver) { return driver.state.player.now; }

// A speaker plays, and the page watches it.
Driver watching() {
    Driver driver;
    driver.sign_in();
    play_elsewhere(driver);
    return driver;
}

}  // namespace

TEST_CASE("what plays elsewhere is followed by this page's clock") {
    Driver driver;
    driver.sign_in();
    auto playback = elsewhere(driver);
    playback.timestamp = driver.now - 3'600'000;  // the server's clock is an hour behind
    driver.answer("/api/player", encode(playback));
    CHECK(progress_at(now(driver), driver.now) == 10'000);
    CHECK(timer(driver, "playback") == 30'000);
}

TEST_CASE("a slow command is read back when it was answered, not before") {
    auto driver = watching();
    driver.act(action::TogglePlay{});
    CHECK_FALSE(now(driver).is_playing);
    CHECK_FALSE(timer(driver, "playback"));
    pass(driver, "playback", 5'000);  // of before
    CHECK_FALSE(reads_playback(driver));
    driver.answer("command", "", 204);
    CHECK(timer(driver, "playback") == 1'000);
    pass(driver, "playback", 1'000);
    CHECK(reads_playback(driver));
}

TEST_CASE("what was read before a command was answered is not believed") {
    auto driver = watching();
    pass(driver, "playback", 30'000);
    REQUIRE(reads_playback(driver));
    const auto old = encode(elsewhere(driver));
    driver.act(action::TogglePlay{});

    SECTION("arriving while the command is under way") {
        driver.answer("/api/player", old);
        CHECK_FALSE(now(driver).is_playing);
        driver.answer("command", "", 204);
        CHECK(timer(driver, "playback"));
    }
    SECTION("arriving long after it") {
        driver.answer("command", "", 204);
        driver.now += 5'000;
        driver.answer("/api/player", old);
        CHECK_FALSE(now(driver).is_playing);
        CHECK(timer(driver, "playback") == 1'000);
    }
}

TEST_CASE("an answer that lags behind the command is asked for again, but not for ever") {
    auto driver = watching();
    driver.act(action::TogglePlay{});
    driver.answer("command", "", 204);
    pass(driver, "playback", 1'000);
    driver.answer("/api/player", encode(elsewhere(driver)));
    CHECK_FALSE(now(driver).is_playing);
    int reads = 1;
    while (!now(driver).is_playing && reads < 10) {
        REQUIRE(timer(driver, "playback"));
        pass(driver, "playback", *timer(driver, "playback"));
        driver.answer("/api/player", encode(elsewhere(driver)));
        ++reads;
    }
    CHECK(reads == 4);  // somebody pressed play there
}

TEST_CASE("a skipped track that is still read is asked for again, but not for ever") {
    auto driver = watching();
    SECTION("until the next one plays") {
        driver.act(action::Next{});
        driver.answer("command", "", 204);
        pass(driver, "playback", 1'000);
        driver.answer("/api/player", encode(elsewhere(driver)));
        CHECK(timer(driver, "playback") == 2'000);
        pass(driver, "playback", 2'000);
        driver.answer("/api/player", encode(elsewhere(driver, 8)));
        CHECK(now(driver).item->name == "Elsewhere 8");
        CHECK(timer(driver, "playback") == 30'000);
    }
    SECTION("or it does not go away") {
        driver.act(action::Next{});
        driver.answer("command", "", 204);
        std::vector<std::int32_t> pauses;
        for (int i = 0; i < 4; ++i) {
            pass(driver, "playback", 1'000);
            driver.answer("/api/player", encode(elsewhere(driver)));
            pauses.push_back(*timer(driver, "playback"));
        }
        CHECK(pauses == std::vector<std::int32_t>{2'000, 4'000, 8'000, 30'000});
    }
    SECTION("or it has begun anew") {
        driver.now += 20'000;
        driver.act(action::Previous{});
        driver.answer("command", "", 204);
        pass(driver, "playback", 1'000);
        auto playback = elsewhere(driver);
        playback.progress_ms = 500;
        driver.answer("/api/player", encode(playback));
        CHECK(progress_at(now(driver), driver.now) == 500);
    }
}

TEST_CASE("a command that fails is taken back") {
    SECTION("shuffle and repeat, while it plays here") {
        Driver driver;
        driver.sign_in();
        play_here(driver);
        driver.act(action::ToggleShuffle{});
        CHECK_FALSE(now(driver).shuffle);
        driver.answer("command", problem(ProblemCode::rate_limited), 429);
        CHECK(now(driver).shuffle);
        driver.act(action::CycleRepeat{});
        CHECK(now(driver).repeat == RepeatMode::track);
        driver.fail("command");
        CHECK(now(driver).repeat == RepeatMode::context);
        CHECK(driver.state.toast->text == "The server could not be reached.");
    }
    SECTION("the track that was shown") {
        Driver driver;
        driver.sign_in();
        know_liked(driver, 0, 20);
        play_here(driver);
        driver.act(action::Play{std::nullopt, track_uri(3), std::string(liked_list)});
        CHECK(now(driver).item->name == "Track 3");
        driver.answer("command", problem(ProblemCode::restricted), 403);
        CHECK(now(driver).item->name == "Song");
        CHECK(now(driver).is_playing);
    }
    SECTION("elsewhere, and it is read again") {
        auto driver = watching();
        driver.act(action::Seek{}, "90000");
        driver.answer("command", problem(ProblemCode::upstream_timeout), 504);
        CHECK(progress_at(now(driver), driver.now) == 10'000);
        CHECK(timer(driver, "playback") == 1'000);
    }
    SECTION("but not over what the SDK has said since") {
        Driver driver;
        driver.sign_in();
        play_here(driver);
        driver.act(action::ToggleShuffle{});
        driver.send(input::SdkStateChanged{sdk_state(false, 2)});
        driver.answer("command", problem(ProblemCode::rate_limited), 429);
        CHECK(now(driver).item->uri == track_uri(2));
    }
}

TEST_CASE("an accepted command is not taken back by the failure of a later one") {
    auto driver = watching();
    driver.act(action::ToggleShuffle{});
    driver.answer("command", "", 204);
    driver.act(action::CycleRepeat{});
    driver.answer("command", problem(ProblemCode::restricted), 403);
    CHECK(now(driver).shuffle);
    CHECK(now(driver).repeat == RepeatMode::off);
}

TEST_CASE("of two commands under way one fails: what is read next is believed") {
    auto driver = watching();
    driver.act(action::TogglePlay{});
    driver.act(action::ToggleShuffle{});
    driver.answer("command", "", 204);
    driver.answer("command", problem(ProblemCode::restricted), 403);
    CHECK(timer(driver, "playback") == 1'000);
    pass(driver, "playback", 1'000);
    driver.answer("/api/player", encode(elsewhere(driver, 7, false)));
    CHECK_FALSE(now(driver).is_playing);
    CHECK_FALSE(timer(driver, "playback"));
}

TEST_CASE("a failed read does not end the watching of another device") {
    auto driver = watching();
    std::vector<std::int32_t> pauses;
    for (int i = 0; i < 7; ++i) {
        pass(driver, "playback", 60'000);
        driver.fail("/api/player");
        REQUIRE(timer(driver, "playback"));
        pauses.push_back(*timer(driver, "playback"));
    }
    CHECK(pauses == std::vector<std::int32_t>{2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000});
    CHECK(device(driver).name == "Kitchen");

    SECTION("and once it works all is as before") {
        pass(driver, "playback", 60'000);
        driver.answer("/api/player", encode(elsewhere(driver, 8)));
        CHECK(now(driver).item->name == "Elsewhere 8");
        CHECK(timer(driver, "playback") == 30'000);
    }
    SECTION("it waits as long as the backend says") {
        auto refused = *decode<Problem>(problem(ProblemCode::quota_cooldown));
        pass(driver, "playback", 60'000);
        refused.retry_at = Millis(driver.now + 7'200'000);
        driver.answer("/api/player", encode(refused), 429);
        CHECK(timer(driver, "playback") == 7'200'000);
    }
    SECTION("and is over when nobody looks, until somebody does") {
        driver.send(input::VisibilityChanged{false});
        pass(driver, "playback", 60'000);
        CHECK_FALSE(reads_playback(driver));
        driver.send(input::VisibilityChanged{true});
        CHECK(reads_playback(driver));
    }
}

TEST_CASE("an answer that still names this page is asked for again after playback moved away") {
    Driver driver;
    driver.sign_in();
    play_here(driver);
    driver.send(input::SdkStateChanged{std::nullopt});
    CHECK(timer(driver, "playback") == 1'000);
    pass(driver, "playback", 1'000);
    auto old = elsewhere(driver, 1);
    old.device->id = "here-1";
    driver.answer("/api/player", encode(old));
    CHECK_FALSE(now(driver).is_playing);
    REQUIRE(timer(driver, "playback"));
    pass(driver, "playback", *timer(driver, "playback"));
    driver.answer("/api/player", encode(elsewhere(driver)));
    CHECK(device(driver).name == "Kitchen");
    CHECK(now(driver).is_playing);
}

TEST_CASE("playback moved from here to another device is believed at once") {
    Driver driver;
    driver.sign_in();
    play_here(driver);
    driver.answer("/api/player", encode(Playback{}));  // of the start
    driver.act(action::Transfer{"speaker"});
    CHECK(command_in(driver) == PlayerCommand(player_command::Transfer{"speaker", true}));
    SECTION("whether the SDK says it first") {
        driver.send(input::SdkStateChanged{std::nullopt});
        driver.answer("command", "", 204);
    }
    SECTION("or the backend") {
        driver.answer("command", "", 204);
        driver.send(input::SdkStateChanged{std::nullopt});
    }
    CHECK(timer(driver, "playback") == 1'000);
    pass(driver, "playback", 1'000);
    driver.answer("/api/player", encode(elsewhere(driver)));
    CHECK(device(driver).name == "Kitchen");
    CHECK(now(driver).is_playing);
}

TEST_CASE("back online, what plays elsewhere is read again") {
    auto driver = watching();
    driver.send(input::NetworkChanged{false});
    pass(driver, "playback", 30'000);
    CHECK_FALSE(reads_playback(driver));
    driver.send(input::NetworkChanged{true});
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK(reads_playback(driver));
}

}  // namespace cadenza::client
