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
    driver.send(input::SdkStateChanged{list_state(false, number, 200, shuffle, has_next)});
}
bool commands(const Driver& driver) { return driver.fetched("/api/player/commands").has_value(); }

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

TEST_CASE("shuffled, what goes on is not sent again before it is heard of") {
    auto driver = playing(0, {0, 1, 2, 3, 4});
    SECTION("right after the start") {
        begins(driver, 0, true, false);
        driver.answer("command", "", 204);
        CHECK_FALSE(commands(driver));
        begins(driver, 0, true, false);
        CHECK_FALSE(commands(driver));
        begins(driver, 0, true);
        CHECK_FALSE(commands(driver));
    }
    SECTION("after the first hundred") {
        driver.answer("command", "", 204);
        begins(driver, 37, true, false);
        CHECK(play_in(driver).uris[1] == track_uri(100));
        driver.answer("command", "", 204);
        CHECK_FALSE(commands(driver));
        begins(driver, 37, true, false);
        CHECK_FALSE(commands(driver));
        begins(driver, 37, true);
        CHECK_FALSE(commands(driver));
        begins(driver, 150, true, false);
        CHECK(play_in(driver).uris[1] == track_uri(199));
    }
}

TEST_CASE("a list that could not be sent on is tried again while its last track plays") {
    auto driver = playing(10, {0, 1, 2, 3, 4});
    driver.answer("command", "", 204);
    begins(driver, 109);
    REQUIRE(play_in(driver).uris.back() == track_uri(208));
    std::int32_t pause = 10'000;
    SECTION("when the backend says") {
        auto refused = *decode<Problem>(problem(ProblemCode::rate_limited));
        refused.retry_at = Millis(driver.now + 60'000);
        driver.answer("command", encode(refused), 429);
        pause = 60'000;
    }
    SECTION("in a while, without a network") { driver.fail("command"); }
    SECTION("in a while, when the device was not known twice") {
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
        pass(driver, "again", 700);
        driver.answer("command", problem(ProblemCode::device_not_found), 404);
    }
    CHECK(timer(driver, "rest") == pause);
    CHECK(driver.state.toast);
    begins(driver, 109);
    CHECK_FALSE(commands(driver));
    pass(driver, "rest", pause);
    CHECK(play_in(driver).uris.front() == track_uri(109));
    CHECK(play_in(driver).uris.back() == track_uri(208));

    driver.state.toast.reset();
    driver.fail("command");
    CHECK_FALSE(driver.state.toast);  // once is enough
    pass(driver, "rest", 10'000);
    driver.answer("command", "", 204);
    CHECK_FALSE(commands(driver));
    begins(driver, 109);
    begins(driver, 208);
    CHECK(play_in(driver).uris.size() == 22);
}

TEST_CASE("a choice that fails leaves the list before it going on") {
    auto driver = playing(10, {0, 1, 2, 3});
    driver.answer("command", "", 204);
    begins(driver, 10);
    driver.act(action::Play{uri("spotify:album:0000000000000000000009"), std::nullopt, std::nullopt});
    driver.answer("command", problem(ProblemCode::restricted), 403);
    pass(driver, "rest", 10'000);
    begins(driver, 109);
    CHECK(play_in(driver).uris[1] == track_uri(110));
}

TEST_CASE("what another client started ends with its own last track") {
    auto driver = playing(10, {0, 1, 2, 3});
    driver.answer("command", "", 204);
    begins(driver, 10);
    SECTION("a track that was not sent") { begins(driver, 500); }
    SECTION("a context") { driver.send(input::SdkStateChanged{sdk_state(false, 11, 200, false, true)}); }
    begins(driver, 109);
    CHECK_FALSE(commands(driver));
}

TEST_CASE("what was said before a list began does not end it") {
    auto driver = playing(10, {0, 1, 2, 3});
    driver.send(input::SdkStateChanged{sdk_state(false, 11, 200, false, true)});
    driver.answer("command", "", 204);
    begins(driver, 500);
    begins(driver, 10);
    begins(driver, 109);
    CHECK(play_in(driver).uris[1] == track_uri(110));
}

TEST_CASE("a queued track does not end the list it comes between") {
    auto driver = playing(10, {0, 1, 2, 3});
    driver.answer("command", "", 204);
    begins(driver, 10);
    SECTION("queued here") {
        driver.act(action::Enqueue{track_uri(500), "Queued"});
        driver.answer("command", "", 204);
        begins(driver, 500);
    }
    SECTION("queued by another client") {
        auto queued = list_state(false, 500, 200, false, true);
        const auto next = queued.find("spotify:track:0000000000000000000999");
        queued.replace(next, track_uri(11).str().size(), track_uri(11).str());
        driver.send(input::SdkStateChanged{queued});
    }
    begins(driver, 109);
    CHECK(play_in(driver).uris[1] == track_uri(110));
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
        driver.send(input::SdkStateChanged{list_state(true, 109, 0, false)});
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
    SECTION("while it is ours") {
        driver.answer("/api/player", encode(elsewhere(driver, 109)));
        CHECK_FALSE(play_in(driver).device_id);
        CHECK(play_in(driver).uris.front() == track_uri(109));
        driver.fail("command");
        pass(driver, "rest", 10'000);
        driver.fail("command");
        CHECK(timer(driver, "playback") == 1'000);  // it is watched all the same
    }
    SECTION("but not after something else has played there") {
        driver.answer("/api/player", encode(elsewhere(driver, 500)));
        pass(driver, "playback", 30'000);
        driver.answer("/api/player", encode(elsewhere(driver, 109)));
        CHECK_FALSE(commands(driver));
    }
}

}  // namespace cadenza::client
