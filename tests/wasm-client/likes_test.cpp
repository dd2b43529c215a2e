#include "wasm-client/features/library/likes.hpp"

#include "tests/wasm-client/driver.hpp"

namespace cadenza::client {

namespace {

const action::ToggleLike toggle{uri("spotify:track:0000000000000000000001"), "Track 1"};

Edit edit_in(const command::Fetch& fetch) { return *decode<Edit>(*fetch.body, UnknownFields::refuse); }

// What the device gives back after that command alone.
std::string stored(const command::StoreMember& put) {
    return encode(KeptOutbox{{{put.id, put.value.value()}}});
}

}  // namespace

TEST_CASE("a like shows at once and is sent once") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    CHECK(is_liked(driver.state, toggle.uri.str()) == true);
    const auto fetch = driver.fetched("/api/edits");
    REQUIRE(fetch);
    CHECK(edit_in(*fetch).change == Change(change::Like{toggle.uri}));
    CHECK(driver.markup("notices").find("Undo") != std::string::npos);
    driver.answer("edit", "", 204);
    CHECK(driver.state.outbox.edits.empty());
    CHECK_FALSE(driver.fetched("/api/edits"));
}

TEST_CASE("an edit that could not be applied waits before it is sent again, longer each time") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    driver.answer("edit", problem(ProblemCode::upstream_unavailable), 503);
    CHECK_FALSE(driver.fetched("/api/edits"));
    CHECK(driver.one<command::StartTimer>() == command::StartTimer{"edits", 10'000});
    driver.now += 9'000;
    driver.send(input::VisibilityChanged{true});
    driver.send(input::Navigated{"/library/albums", false, 0});
    CHECK_FALSE(driver.fetched("/api/edits"));

    SECTION("until the timer") {
        driver.send(input::TimerFired{"edits"});
        CHECK(driver.fetched("/api/edits"));
        driver.fail("edit");
        CHECK(driver.one<command::StartTimer>() == command::StartTimer{"edits", 20'000});
        CHECK_FALSE(driver.fetched("/api/edits"));
    }
    SECTION("as long as the backend says") {
        driver.send(input::TimerFired{"edits"});
        Problem limited = *decode<Problem>(problem(ProblemCode::quota_cooldown));
        limited.retry_at = Millis(driver.now + 3'600'000);
        driver.answer("edit", encode(limited), 429);
        CHECK(driver.one<command::StartTimer>() == command::StartTimer{"edits", 3'600'000});
    }
    SECTION("or until somebody signs in") {
        driver.send(input::NetworkChanged{false});
        driver.send(input::NetworkChanged{true});
        driver.answer("/api/session", encode(driver.session("anna")));
        CHECK(driver.fetched("/api/edits"));
    }
}

TEST_CASE("edits kept by this device are not lost when the start is offline") {
    Driver first;
    first.sign_in();
    first.send(input::NetworkChanged{false});
    first.act(toggle);
    const auto kept = stored(*first.one<command::StoreMember>());

    Meta meta;
    meta.account = "anna";
    meta.signed_in = true;
    Driver next;
    next.start("/settings", encode(meta), false);
    const auto reading = [&] {
        for (const auto& [id, pending] : next.pending())
            if (pending.purpose == Purpose::stored_outbox) return id;
        return 0;
    }();
    REQUIRE(reading != 0);
    const action::ToggleLike other{uri("spotify:track:0000000000000000000002"), "Track 2"};
    next.act(other);
    // Only its own: what is kept stays.
    REQUIRE(next.one<command::StoreMember>());
    CHECK(decode<PendingEdit>(*next.one<command::StoreMember>()->value)->name == "Track 2");
    auto both = *decode<KeptOutbox>(kept);
    both.members.push_back(decode<KeptOutbox>(stored(*next.one<command::StoreMember>()))->members[0]);
    next.send(input::Stored{reading, encode(both)});
    CHECK(is_liked(next.state, toggle.uri.str()) == true);
    const auto& merged = next.state.outbox.edits;
    REQUIRE(merged.size() == 2);
    CHECK(merged[0].name == "Track 1");
    CHECK(merged[1].name == "Track 2");
}

TEST_CASE("a refused like is taken back and says so") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    driver.answer("edit", problem(ProblemCode::restricted), 403);
    CHECK(is_liked(driver.state, toggle.uri.str()) == false);
    CHECK(driver.markup("notices").find("Could not be changed: Track 1") != std::string::npos);
}

TEST_CASE("every message is read out, goes by itself, and is not taken away by the one before") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    CHECK(driver.one<command::Announce>() == command::Announce{"Added to your library: Track 1"});
    CHECK(driver.one<command::StartTimer>() == command::StartTimer{"toast", 6'000});
    driver.answer("edit", problem(ProblemCode::restricted), 403);
    CHECK(driver.one<command::Announce>()->text.starts_with("Could not be changed: Track 1"));
    CHECK(driver.one<command::StartTimer>() == command::StartTimer{"toast", 6'000});
    driver.send(input::TimerFired{"toast"});
    CHECK(driver.markup("notices").find("Could not") == std::string::npos);
}

TEST_CASE("dismissing a message gives the focus to the page") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    driver.act(action::DismissToast{});
    CHECK(driver.one<command::Focus>() == command::Focus{"main"});
    CHECK_FALSE(driver.state.toast);
}

TEST_CASE("likes wait for the network and are kept meanwhile") {
    Driver driver;
    driver.sign_in();
    driver.send(input::NetworkChanged{false});
    driver.act(toggle);
    CHECK_FALSE(driver.fetched("/api/edits"));
    const auto kept = driver.one<command::StoreMember>();
    REQUIRE(kept);
    CHECK(kept->key == "outbox");
    REQUIRE(kept->value);

    SECTION("back online they are sent") {
        driver.send(input::NetworkChanged{true});
        driver.answer("/api/session", encode(driver.session("anna")));
        CHECK(driver.fetched("/api/edits"));
    }
    SECTION("after a reload too, and shown before that") {
        Driver next;
        next.start("/settings");
        next.answer("/api/session", encode(next.session("anna")));
        std::int32_t reading = 0;
        for (const auto& [id, pending] : next.pending())
            if (pending.purpose == Purpose::stored_outbox) reading = id;
        REQUIRE(reading != 0);
        next.send(input::Stored{reading, stored(*kept)});
        CHECK(is_liked(next.state, toggle.uri.str()) == true);
        REQUIRE(next.fetched("/api/edits"));
        CHECK(edit_in(*next.fetched("/api/edits")).id.str() == kept->id);
    }
    SECTION("taken back before it was sent, nothing is sent") {
        driver.act(toggle);
        CHECK(driver.state.outbox.edits.empty());
        CHECK(is_liked(driver.state, toggle.uri.str()) == false);
        CHECK(driver.one<command::StoreMember>() ==
              command::StoreMember{kept->database, "outbox", kept->id, std::nullopt});
    }
    SECTION("taken back after it was sent without an answer, the opposite follows") {
        driver.send(input::NetworkChanged{true});
        driver.answer("/api/session", encode(driver.session("anna")));
        driver.fail("edit");
        driver.act(toggle);
        REQUIRE(driver.state.outbox.edits.size() == 2);
        CHECK(std::holds_alternative<change::Unlike>(driver.state.outbox.edits[1].edit.change));
    }
}

TEST_CASE("an edit refused because another account signed in is neither lost nor sent to it") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);
    driver.answer("edit", problem(ProblemCode::account_changed), 409);
    CHECK(driver.state.outbox.edits.size() == 1);
    CHECK(driver.fetched("/api/session"));
    driver.answer("/api/session", encode(driver.session("bert")));
    CHECK(driver.state.outbox.edits.empty());  // it stays in the first account's database
    CHECK_FALSE(driver.fetched("/api/edits"));
}

TEST_CASE("hearts follow what lists say, except where something was clicked since they were asked for") {
    Driver driver;
    const auto list = encode(SavedTrackPage{{{1, track(1)}}, 0, 1, 0});
    const action::ToggleLike heart{uri(id<TrackId>(1).uri()), "Track 1"};
    driver.sign_in("anna", "/settings");
    driver.state.liked[heart.uri.str()] = false;  // as it was an hour ago
    driver.send(input::Navigated{"/library/tracks", false, 0});

    SECTION("liked elsewhere") {
        driver.answer("/api/library/tracks", list);
        CHECK(is_liked(driver.state, heart.uri.str()) == true);
    }
    SECTION("taken away here while the list was under way") {
        driver.state.liked[heart.uri.str()] = true;
        driver.now += 100;
        driver.act(heart);
        driver.now += 100;
        driver.answer("edit", "", 204);
        driver.answer("/api/library/tracks", list);
        CHECK(is_liked(driver.state, heart.uri.str()) == false);
    }
    SECTION("taken away here and not sent yet") {
        driver.state.liked[heart.uri.str()] = true;
        driver.act(heart);
        driver.state.edited_at.clear();
        driver.answer("/api/library/tracks", list);
        CHECK(is_liked(driver.state, heart.uri.str()) == false);
    }
    SECTION("what this device kept knows least") {
        for (const auto& [id, pending] : driver.pending())
            if (pending.purpose == Purpose::stored_resource &&
                pending.about.starts_with("/api/library/tracks")) {
                driver.send(input::Stored{id, std::to_string(driver.now - 1) + "\n" + list});
                break;
            }
        CHECK(is_liked(driver.state, heart.uri.str()) == false);
    }
}

TEST_CASE("clicked back and forth while offline, the last click counts") {
    Driver driver;
    driver.sign_in();
    driver.act(toggle);  // under way
    driver.send(input::NetworkChanged{false});
    for (int i = 0; i < 3; ++i) driver.act(toggle);
    CHECK(is_liked(driver.state, toggle.uri.str()) == false);
    REQUIRE_FALSE(driver.state.outbox.edits.empty());
    CHECK(std::holds_alternative<change::Unlike>(driver.state.outbox.edits.back().edit.change));
}

TEST_CASE("hearts are asked for in one request, of what is not known") {
    Driver driver;
    const auto album = id<AlbumId>(9);
    driver.sign_in("anna", "/album/" + album.str());
    TrackPage page;
    for (int i = 1; i <= 45; ++i) page.items.push_back(track(i));
    page.total = 45;
    driver.state.liked[id<TrackId>(1).uri()] = true;
    driver.state.asking_liked = false;
    driver.answer("/api/albums/" + album.str() + "/tracks", encode(page));
    // One is under way for the album itself already, or goes out now.
    if (!driver.fetched("/api/library/contains")) {
        driver.answer("contains", "{\"saved\":[false]}");
    }
    const auto fetch = driver.fetched("/api/library/contains");
    REQUIRE(fetch);
    const auto asked = std::count(fetch->url.begin(), fetch->url.end(), ',') + 1;
    CHECK(asked <= 40);
    CHECK(asked > 30);
    CHECK(fetch->url.find(id<TrackId>(1).str()) == std::string::npos);
}

}  // namespace cadenza::client
