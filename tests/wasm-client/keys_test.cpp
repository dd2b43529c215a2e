#include "wasm-client/app/keys.hpp"

#include "tests/wasm-client/player_scene.hpp"

namespace cadenza::client {

namespace {

void press(Driver& driver, std::string key, bool shift = false, bool ctrl = false) {
    driver.send(input::KeyPressed{std::move(key), ctrl, shift, false});
}
std::int64_t sought(const Driver& driver) {
    const auto call = driver.one<command::SdkCall>();
    REQUIRE(call);
    REQUIRE(call->method == command::SdkMethod::seek);
    return call->value;
}

}  // namespace

TEST_CASE("arrows seek five seconds, with Shift thirty, within the track") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    driver.send(input::SdkStateChanged{sdk_state(true, 1, 100'000)});
    press(driver, "ArrowRight");
    CHECK(sought(driver) == 105'000);
    press(driver, "ArrowLeft", true);
    CHECK(sought(driver) == 75'000);
    for (int i = 0; i < 4; ++i) press(driver, "ArrowRight", true);
    CHECK(sought(driver) == 180'000);
}

TEST_CASE("single keys control the player and open its panels") {
    Driver driver;
    driver.sign_in();
    play_here(driver);
    press(driver, " ");
    CHECK(sdk_calls(driver).back() == command::SdkMethod::pause);
    press(driver, "n");
    CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::next});
    press(driver, "p");
    CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::previous});
    press(driver, "s");
    CHECK(std::holds_alternative<player_command::Shuffle>(command_in(driver)));
    press(driver, "r");
    CHECK(std::holds_alternative<player_command::Repeat>(command_in(driver)));
    press(driver, "m");
    CHECK(driver.state.player.volume == 0);
    press(driver, "ArrowUp", false, true);
    CHECK(driver.state.player.volume == 5);
    press(driver, "ArrowDown", false, true);
    CHECK(driver.state.player.volume == 0);
    press(driver, "q");
    CHECK(driver.state.panel == Panel::queue);
    press(driver, "d");
    CHECK(driver.state.panel == Panel::devices);
    press(driver, "Escape");
    CHECK(driver.state.panel == Panel::none);
    press(driver, "l");
    CHECK(driver.state.liked.at("spotify:track:0000000000000000000001"));
    press(driver, "/");
    CHECK(std::holds_alternative<page::Search>(driver.state.page));
    CHECK(driver.one<command::Focus>() == command::Focus{"search"});
}

TEST_CASE("letters can be switched off as shortcuts, and stay so") {
    Driver driver;
    driver.sign_in();
    play_here(driver);
    driver.act(action::SetLetters{}, "false");
    CHECK(driver.state.meta.letters_off);
    CHECK(driver.one<command::StoreMeta>()->value.find("\"letters_off\":true") != std::string::npos);
    for (const char* key : {"n", "m", "/", "q"}) {
        CHECK_FALSE(is_ours(driver.state, {key, false, false, false}));
        press(driver, key);
        CHECK(driver.effects.empty());
    }
    for (const char* key : {" ", "ArrowLeft", "Escape"})
        CHECK(is_ours(driver.state, {key, false, false, false}));
    CHECK(is_ours(driver.state, {"ArrowUp", true, false, false}));
    driver.act(action::SetLetters{}, "true");
    CHECK(is_ours(driver.state, {"n", false, false, false}));

    Driver again;
    again.start("/settings", R"({"account":"anna","signed_in":true,"letters_off":true})");
    CHECK(again.state.meta.letters_off);
}

}  // namespace cadenza::client
