// Lists too long to be sent at once.

#include "tests/wasm-client/player_scene.hpp"

namespace cadenza::client {

namespace {

// Playing here, `known` of 230 liked songs from number `first` on.
Driver playing(int first, std::initializer_list<int> known) {
    Driver driver;
    driver.sign_in();
    for (const int nth : known) know_liked(driver, nth, 230);
    ready(driver);
    driver.act(action::Play{std::nullopt, track_uri(first), std::string(liked_list)});
    return driver;
}
player_command::Play play_in(const Driver& driver) {
    return std::get<player_command::Play>(command_in(driver));
}
void begins(Driver& driver, int number, bool shuffle = false, bool has_next = true) {
    driver.send(input::SdkStateChanged{sdk_state(false, number, 200, shuffle, has_next)});
}

}  // namespace

TEST_CASE("liked songs go on after the hundred that can be sent") {
    auto driver = playing(10, {0, 1, 2, 3, 4});
    CHECK(play_in(driver).uris.size() == 100);
    CHECK(play_in(driver).uris.front() == track_uri(10));
    driver.answer("command", "", 204);
    begins(driver, 10);
    CHECK_FALSE(driver.fetched("/api/"));
    begins(driver, 108);
    CHECK_FALSE(driver.fetched("/api/"));
    begins(driver, 109);
    const auto more = play_in(driver);
    CHECK(more.uris.size() == 100);
    CHECK(more.uris.front() == track_uri(109));
    CHECK(more.uris.back() == track_uri(208));
    CHECK(more.offset->position == Count(0));
    CHECK(*more.position_ms == 200);
    CHECK(more.device_id == "here-1");
    driver.answer("command", "", 204);
    begins(driver, 109);
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    begins(driver, 208);
    CHECK(play_in(driver).uris.size() == 22);  // to the end, 229
    driver.answer("command", "", 204);
    begins(driver, 229, false, false);
    CHECK_FALSE(driver.fetched("/api/"));
}

TEST_CASE("a page that is not known is fetched before it is needed") {
    auto driver = playing(20, {0});
    CHECK(play_in(driver).uris.size() == 30);
    driver.answer("command", "", 204);
    begins(driver, 40);
    CHECK_FALSE(driver.fetched("/api/library/tracks"));
    begins(driver, 44);
    CHECK(driver.fetched(liked_page(1)));
    driver.answer(liked_page(1), liked_answer(1, 230));
    begins(driver, 45);
    CHECK_FALSE(driver.fetched("/api/"));
    begins(driver, 49);
    CHECK(play_in(driver).uris.size() == 51);
    CHECK(play_in(driver).uris.back() == track_uri(99));
}

TEST_CASE("a page that comes late is played all the same") {
    auto driver = playing(49, {0});
    driver.answer("command", "", 204);
    begins(driver, 49, false, false);
    REQUIRE(driver.fetched(liked_page(1)));
    driver.now += 3'000;
    driver.answer(liked_page(1), liked_answer(1, 230));
    CHECK(play_in(driver).uris.front() == track_uri(49));
    CHECK(*play_in(driver).position_ms == 3'200);
}

TEST_CASE("shuffled, the list goes on when nothing follows") {
    auto driver = playing(0, {0, 1, 2});
    driver.answer("command", "", 204);
    begins(driver, 99, true);  // the last one sent, which shuffling put somewhere in the middle
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    begins(driver, 37, true, false);
    const auto more = play_in(driver);
    CHECK(more.uris.front() == track_uri(37));
    CHECK(more.uris[1] == track_uri(100));
    CHECK(more.uris.size() == 51);
}

TEST_CASE("only what still plays is carried on") {
    SECTION("something else was chosen") {
        auto driver = playing(10, {0, 1, 2, 3});
        driver.answer("command", "", 204);
        driver.act(action::Play{uri("spotify:album:0000000000000000000009"), std::nullopt, std::nullopt});
        driver.answer("command", "", 204);
        begins(driver, 109);
        CHECK_FALSE(driver.fetched("/api/player/commands"));
    }
    SECTION("it is paused") {
        auto driver = playing(10, {0, 1, 2, 3});
        driver.answer("command", "", 204);
        driver.send(input::SdkStateChanged{sdk_state(true, 109, 0, false)});
        CHECK_FALSE(driver.fetched("/api/player/commands"));
    }
}

TEST_CASE("on another device the list goes on, too") {
    Driver driver;
    driver.sign_in();
    for (const int nth : {0, 1, 2, 3}) know_liked(driver, nth, 230);
    play_elsewhere(driver);
    driver.act(action::Play{std::nullopt, track_uri(10), std::string(liked_list)});
    driver.answer("command", "", 204);
    pass(driver, "playback", 1'000);
    driver.answer("/api/player", encode(elsewhere(driver, 10)));
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    pass(driver, "playback", 30'000);
    driver.answer("/api/player", encode(elsewhere(driver, 109)));
    CHECK_FALSE(play_in(driver).device_id);
    CHECK(play_in(driver).uris.front() == track_uri(109));
}

}  // namespace cadenza::client
