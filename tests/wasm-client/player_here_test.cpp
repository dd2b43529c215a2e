// Getting the SDK to play in this page.

#include "tests/wasm-client/player_scene.hpp"

namespace cadenza::client {

namespace {

const auto album = uri("spotify:album:0000000000000000000009");
const Action play_album = action::Play{album, std::nullopt, std::nullopt};

// Signed in with twenty liked songs, nothing playing anywhere.
Driver signed_in() {
    Driver driver;
    driver.sign_in();
    know_liked(driver, 0, 20);
    driver.answer("/api/player", encode(Playback{}));
    return driver;
}
Action play_track(int number) {
    return action::Play{std::nullopt, track_uri(number), std::string(liked_list)};
}
player_command::Play play_in(const Driver& driver) {
    return std::get<player_command::Play>(command_in(driver));
}

}  // namespace

TEST_CASE("a click that waits for the SDK is given up after a while, and says so") {
    auto driver = signed_in();
    driver.act(play_track(3));
    CHECK(timer(driver, "waiting") == 15'000);
    CHECK(driver.state.player.now.item->name == "Track 3");
    pass(driver, "waiting", 15'000);
    CHECK_FALSE(driver.state.player.now.item);
    CHECK(driver.markup("notices").find("not ready yet") != std::string::npos);
    ready(driver);
    CHECK_FALSE(driver.fetched("/api/player/commands"));
}

TEST_CASE("what is read while a click waits does not replace what was clicked") {
    Driver driver;
    driver.sign_in();
    know_liked(driver, 0, 20);
    driver.act(play_track(3));
    driver.answer("/api/player", encode(elsewhere(driver, 7, false)));
    CHECK(driver.state.player.now.item->name == "Track 3");
    driver.act(action::TogglePlay{});  // out of impatience
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    ready(driver);
    CHECK(play_in(driver).device_id == "here-1");
}

TEST_CASE("a script that did not come is tried again with the next Play") {
    auto driver = signed_in();
    driver.act(play_track(3));
    sdk(driver, input::SdkSignal::load_failed);
    CHECK(driver.state.player.sdk == Sdk::failed);
    CHECK_FALSE(driver.state.player.now.item);
    CHECK(driver.markup("notices").find("could not be loaded") != std::string::npos);
    driver.act(play_album);
    CHECK(driver.one<command::SdkStart>());
    ready(driver);
    CHECK(play_in(driver).context_uri == album);
    CHECK(driver.state.player.trouble.empty());
}

TEST_CASE("loading the player has a deadline") {
    Driver driver;
    driver.start("/settings");
    driver.answer("/api/config", encode(Driver::config()));
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK(timer(driver, "sdk") == 20'000);

    SECTION("missed, it is tried again with the next Play") {
        pass(driver, "sdk", 20'000);
        CHECK(driver.state.player.sdk == Sdk::failed);
        driver.act(play_album);
        CHECK(driver.one<command::SdkStart>());
    }
    SECTION("met, it is over") {
        ready(driver);
        CHECK(driver.one<command::StopTimer>() == command::StopTimer{"sdk"});
        pass(driver, "sdk", 20'000);
        CHECK(driver.state.player.sdk == Sdk::ready);
    }
}

TEST_CASE("what can never play here is not tried again, and shows nothing that does not play") {
    auto driver = signed_in();
    sdk(driver, input::SdkSignal::initialization_error, "no EME");
    driver.act(play_track(3));
    CHECK_FALSE(driver.one<command::SdkStart>());
    CHECK_FALSE(driver.state.player.now.item);
    CHECK(driver.state.panel == Panel::devices);
    CHECK(driver.markup("notices").find("protected music") != std::string::npos);
}

TEST_CASE("a device that Spotify does not know yet is asked for once more") {
    auto driver = signed_in();
    ready(driver);
    driver.act(play_track(3));
    driver.answer("command", problem(ProblemCode::device_not_found), 404);
    CHECK(timer(driver, "again") == 700);
    CHECK_FALSE(driver.state.toast);
    CHECK(driver.state.player.now.item->name == "Track 3");
    pass(driver, "again", 700);
    CHECK(play_in(driver).uris.front() == track_uri(3));

    SECTION("and then it plays") {
        driver.answer("command", "", 204);
        driver.send(input::SdkStateChanged{sdk_state(false, 3)});
        CHECK(driver.state.player.here);
        CHECK_FALSE(driver.state.toast);
    }
    SECTION("but not twice") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        CHECK_FALSE(timer(driver, "again"));
        CHECK(driver.state.toast->text == "details");
        CHECK_FALSE(driver.state.player.now.item);
    }
}

TEST_CASE("moving playback here is tried again, too, on the device of that moment") {
    Driver driver;
    driver.sign_in();
    play_elsewhere(driver);
    ready(driver);
    driver.act(action::Transfer{"here-1"});
    driver.answer("command", problem(ProblemCode::device_not_found), 404);
    sdk(driver, input::SdkSignal::not_ready, "here-1");
    ready(driver, "here-2");
    pass(driver, "again", 700);
    CHECK(command_in(driver) == PlayerCommand(player_command::Transfer{"here-2", true}));
}

TEST_CASE("what was chosen since is not overridden by a second try") {
    auto driver = signed_in();
    ready(driver);
    driver.act(play_track(3));
    SECTION("another song") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        driver.act(play_track(5));
        CHECK(driver.one<command::StopTimer>() == command::StopTimer{"again"});
        CHECK(play_in(driver).uris.front() == track_uri(5));
        driver.answer("command", "", 204);
    }
    SECTION("another song that fails the same way") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        driver.act(play_track(5));
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        pass(driver, "again", 700);
        CHECK(play_in(driver).uris.front() == track_uri(5));
    }
    SECTION("another device") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        driver.act(action::Transfer{"phone"});
        CHECK_FALSE(driver.state.player.now.item);
        driver.answer("command", "", 204);
    }
    SECTION("another device, before the first try was answered") {
        driver.act(action::Transfer{"phone"});
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        CHECK_FALSE(timer(driver, "again"));
    }
    SECTION("the next track on another device") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        driver.act(action::Next{});
        driver.answer("command", "", 204);
    }
    pass(driver, "again", 700);
    CHECK_FALSE(driver.fetched("/api/player/commands"));
}

TEST_CASE("another device that is gone is not asked for again") {
    Driver driver;
    driver.sign_in();
    play_elsewhere(driver);
    ready(driver);
    driver.act(action::Transfer{"phone"});
    driver.answer("command", problem(ProblemCode::device_not_found), 404);
    CHECK_FALSE(timer(driver, "again"));
    CHECK(driver.state.panel == Panel::devices);
}

TEST_CASE("a browser that holds back the sound is asked for a click, whichever way the SDK says it") {
    for (const bool by_error : {false, true}) {
        Driver driver;
        driver.sign_in();
        play_here(driver);
        if (by_error)
            sdk(driver, input::SdkSignal::authentication_error,
                "Browser prevented autoplay due to lack of interaction");
        else
            sdk(driver, input::SdkSignal::autoplay_failed);
        CHECK(driver.state.player.sdk == Sdk::ready);
        CHECK_FALSE(driver.state.player.now.is_playing);
        CHECK(driver.markup("notices").find("holds back the sound") != std::string::npos);
        driver.act(action::TogglePlay{});
        CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::activate, command::SdkMethod::resume});
    }
    Driver driver;
    driver.sign_in();
    sdk(driver, input::SdkSignal::authentication_error, "Authentication failed");
    CHECK(driver.state.player.sdk == Sdk::failed);
}

TEST_CASE("after sleep nothing goes to the device that is gone") {
    Driver driver;
    driver.sign_in();
    play_here(driver);
    sdk(driver, input::SdkSignal::not_ready, "here-1");
    CHECK_FALSE(driver.state.player.here);
    CHECK_FALSE(driver.state.player.now.is_playing);
    CHECK(driver.one<command::SetMedia>()->title.empty());
    CHECK(timer(driver, "sdk"));

    // Spotify may still name it for a while.
    pass(driver, "playback", 1'000);
    auto old = elsewhere(driver, 1);
    old.device->id = "here-1";
    driver.answer("/api/player", encode(old));
    CHECK_FALSE(driver.state.player.now.is_playing);

    driver.act(action::TogglePlay{});
    CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::activate});
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    ready(driver, "here-2");
    CHECK(command_in(driver) == PlayerCommand(player_command::Transfer{"here-2", true}));
}

TEST_CASE("a token that could not be had is asked for again with the session") {
    Driver driver;
    driver.sign_in();
    driver.send(input::NetworkChanged{false});
    sdk(driver, input::SdkSignal::token_wanted);
    CHECK_FALSE(driver.fetched("/api/player/token"));
    driver.send(input::NetworkChanged{true});
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK(driver.fetched("/api/player/token"));
}

TEST_CASE("where the player cannot load under this shell, a waiting version takes over") {
    Driver driver;
    driver.sign_in();
    SECTION("found before") {
        driver.send(input::UpdateFound{});
        CHECK(driver.all<command::ApplyUpdate>().empty());
        sdk(driver, input::SdkSignal::load_failed);
        // The music of another tab is not this one's to stop.
        CHECK(driver.all<command::ApplyUpdate>() == std::vector{command::ApplyUpdate{true}});
    }
    SECTION("found after") {
        sdk(driver, input::SdkSignal::load_failed);
        CHECK(driver.all<command::ApplyUpdate>().empty());
        driver.send(input::UpdateFound{});
        CHECK(driver.all<command::ApplyUpdate>().size() == 1);
        driver.send(input::VisibilityChanged{true});
        CHECK(driver.all<command::ApplyUpdate>().empty());
    }
    SECTION("but not where it was there and has lost its connection") {
        ready(driver);
        sdk(driver, input::SdkSignal::not_ready);
        sdk(driver, input::SdkSignal::load_failed);
        driver.send(input::UpdateFound{});
        CHECK(driver.all<command::ApplyUpdate>().empty());
    }
    SECTION("but not once it was put off") {
        driver.send(input::UpdateFound{});
        driver.act(action::PostponeUpdate{});
        sdk(driver, input::SdkSignal::load_failed);
        CHECK(driver.all<command::ApplyUpdate>().empty());
    }
    SECTION("but not where it cannot play anyway") {
        driver.send(input::UpdateFound{});
        sdk(driver, input::SdkSignal::account_error);
        CHECK(driver.all<command::ApplyUpdate>().empty());
    }
}

}  // namespace cadenza::client
