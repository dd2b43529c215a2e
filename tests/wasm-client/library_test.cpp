#include "tests/wasm-client/driver.hpp"
#include "wasm-client/features/library/lists.hpp"

namespace cadenza::client {

namespace {

SavedTrackPage liked(int offset, int count, int total) {
    SavedTrackPage page;
    for (int i = 0; i < count; ++i) page.items.push_back({1'700'000'000'000, track(offset + i)});
    page.offset = offset;
    page.total = total;
    page.dropped = 50 - count;
    return page;
}

int count(const std::string& text, std::string_view part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

const std::vector<command::HeaderLine> waited_for{{"X-Cadenza-Account", "anna"}};
const std::vector<command::HeaderLine> in_background{{"X-Cadenza-Account", "anna"}, {"Priority", "u=5"}};

}  // namespace

TEST_CASE("only pages with rows on screen are asked for") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 50, 2'000)));
    CHECK_FALSE(driver.fetched("/api/library/tracks?offset=1000"));
    driver.send(input::WindowMoved{list_id(driver.state.page), 1'020, 1'035});
    CHECK(driver.fetched("/api/library/tracks?offset=1000"));
    CHECK_FALSE(driver.fetched("/api/library/tracks?offset=1050"));
    CHECK(count(driver.rows(), "is-loading") > 0);
    driver.answer("/api/library/tracks?offset=1000", encode(liked(1'000, 50, 2'000)));
    CHECK(driver.rows().find("Track 1020") != std::string::npos);
    CHECK(count(driver.rows(), "<li") < 60);
}

TEST_CASE("what the backend left out says so") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 20, 21)));
    CHECK(count(driver.rows(), "Not available") == 1);
}

TEST_CASE("account requests name the account") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.act(action::Retry{});
    driver.send(input::Navigated{"/library/albums", false, 0});
    const auto fetch = driver.fetched("/api/library/albums");
    REQUIRE(fetch);
    CHECK(fetch->headers == waited_for);
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/library/albums", false});
    CHECK(driver.one<command::Focus>() == command::Focus{"page-title"});
    CHECK(driver.one<command::SetTitle>() == command::SetTitle{"Albums · Cadenza"});
}

TEST_CASE("what is shown already is looked at again in the background") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 3, 3)));
    driver.now += 6 * 60'000;
    driver.send(input::Navigated{"/library/albums", false, 0});
    CHECK(driver.fetched("/api/library/albums")->headers == waited_for);
    driver.send(input::Navigated{"/library/tracks", false, 0});
    auto again = driver.fetched("/api/library/tracks");
    REQUIRE(again);
    CHECK(again->headers == in_background);
    driver.answer("/api/library/tracks", problem(ProblemCode::budget_spent), 429);

    // Coming back is no reason to hurry; the listener's wish is.
    driver.send(input::Navigated{"/library/albums", false, 0});
    driver.send(input::Navigated{"/library/tracks", false, 0});
    again = driver.fetched("/api/library/tracks");
    REQUIRE(again);
    CHECK(again->headers == in_background);
    driver.answer("/api/library/tracks", problem(ProblemCode::budget_spent), 429);
    driver.act(action::Retry{});
    again = driver.fetched("/api/library/tracks");
    REQUIRE(again);
    CHECK(again->headers == waited_for);
    driver.answer("/api/library/tracks", encode(liked(0, 3, 3)));

    // What the listener changed is theirs to see.
    driver.state.resources.mark_stale("/api/library/tracks");
    driver.send(input::Navigated{"/library/albums", false, 0});
    driver.send(input::Navigated{"/library/tracks", false, 0});
    again = driver.fetched("/api/library/tracks");
    REQUIRE(again);
    CHECK(again->headers == waited_for);
}

TEST_CASE("what this device kept is shown with its age until the backend answers") {
    Driver driver;
    driver.start("/library/tracks", "");
    driver.answer("/api/config", encode(Driver::config()));
    driver.answer("/api/session", encode(driver.session("anna")));
    std::int32_t reading = 0;
    for (const auto& [id, pending] : driver.pending())
        if (pending.purpose == Purpose::stored_resource && pending.about.starts_with("/api/library/tracks"))
            reading = id;
    REQUIRE(reading != 0);
    const auto kept = std::to_string(driver.now - 7'200'000) + "\n" + encode(liked(0, 3, 3));
    driver.send(input::Stored{reading, kept});
    CHECK(driver.rows().find("Track 1") != std::string::npos);
    driver.fail("/api/library/tracks");
    CHECK(driver.markup("main").find("Saved on this device 2 h ago") != std::string::npos);
    driver.act(action::Retry{});
    driver.answer("/api/library/tracks", encode(liked(0, 4, 4)));
    CHECK(driver.markup("main").find("Saved on this device") == std::string::npos);
    CHECK(driver.rows().find("Track 3") != std::string::npos);
    const auto put = driver.one<command::StorePut>();
    REQUIRE(put);
    CHECK(put->database == "cadenza-anna");
}

TEST_CASE("trouble is told and can be tried again") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", problem(ProblemCode::upstream_unavailable), 502);
    CHECK(driver.markup("main").find("Try again") != std::string::npos);
    CHECK_FALSE(driver.fetched("/api/library/tracks"));  // not by itself: requests are scarce
    driver.act(action::Retry{});
    CHECK(driver.fetched("/api/library/tracks"));
}

TEST_CASE("a playlist that may not be read is not asked for") {
    Driver driver;
    const auto playlist_id = id<PlaylistId>(5);
    driver.sign_in("anna", "/playlist/" + playlist_id.str());
    Playlist playlist;
    playlist.id = playlist_id;
    playlist.name = "Morning";
    playlist.owner = "Spotify";
    driver.answer("/api/playlists/", encode(playlist));
    CHECK_FALSE(driver.fetched("/api/playlists/" + playlist_id.str() + "/items"));
    CHECK(driver.markup("main").find("Spotify keeps this list to itself") != std::string::npos);
    CHECK(driver.markup("main").find("Play Morning") != std::string::npos);
}

TEST_CASE("artists come one page after the other") {
    Driver driver;
    driver.sign_in("anna", "/library/artists");
    ArtistPage page;
    for (int i = 0; i < 50; ++i) page.items.push_back({id<ArtistId>(i), "Artist", {}, {}});
    page.total = 80;
    driver.answer("/api/library/artists", encode(page));
    driver.send(input::WindowMoved{list_id(driver.state.page), 40, 60});
    CHECK(driver.fetched("/api/library/artists?after=" + id<ArtistId>(49).str()));
}

TEST_CASE("a jump to the end of a list that comes page after page asks for all of them") {
    Driver driver;
    driver.sign_in("anna", "/library/artists");
    const auto page_of = [](int first, int total) {
        ArtistPage page;
        for (int i = first; i < first + 50; ++i) page.items.push_back({id<ArtistId>(i), "Artist", {}, {}});
        page.total = total;
        return encode(page);
    };
    driver.answer("/api/library/artists", page_of(0, 200));
    driver.send(input::WindowMoved{list_id(driver.state.page), 170, 185});
    CHECK(driver.fetched("/api/library/artists?after=" + id<ArtistId>(49).str()));
    driver.answer("/api/library/artists?after=" + id<ArtistId>(49).str(), page_of(50, 200));
    CHECK(driver.fetched("/api/library/artists?after=" + id<ArtistId>(99).str()));
    driver.answer("/api/library/artists?after=" + id<ArtistId>(99).str(), page_of(100, 200));
    CHECK(driver.fetched("/api/library/artists?after=" + id<ArtistId>(149).str()));
    driver.answer_store();
    CHECK(count(driver.rows(), "is-loading") > 0);
    driver.fail("/api/library/artists?after=" + id<ArtistId>(149).str());
    CHECK(count(driver.rows(), "is-loading") == 0);
    CHECK(count(driver.rows(), "Could not be loaded") > 0);
}

TEST_CASE("a later page that failed says so and can be tried again") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 50, 500)));
    driver.answer_store();
    driver.send(input::WindowMoved{list_id(driver.state.page), 220, 235});
    driver.answer_store();
    CHECK(count(driver.rows(), "is-loading") > 0);
    driver.answer("/api/library/tracks?offset=200", problem(ProblemCode::upstream_unavailable), 502);
    CHECK(count(driver.rows(), "Could not be loaded") > 0);
    driver.act(action::Retry{});
    CHECK(driver.fetched("/api/library/tracks?offset=200"));
}

TEST_CASE("offline, rows that this device does not have say so") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 50, 500)));
    driver.send(input::NetworkChanged{false});
    driver.send(input::WindowMoved{list_id(driver.state.page), 220, 235});
    driver.answer_store();
    CHECK(count(driver.rows(), "Not on this device") > 0);
    CHECK(count(driver.rows(), "is-loading") == 0);
}

TEST_CASE("the age of what is shown is told when the network goes, and when a refresh fails") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 3, 3)));
    CHECK(driver.markup("main").find("Saved on this device") == std::string::npos);
    driver.now += 3 * 3'600'000;
    SECTION("the network goes") { driver.send(input::NetworkChanged{false}); }
    SECTION("a refresh fails") {
        driver.send(input::VisibilityChanged{true});
        CHECK(driver.markup("main").find("Saved on this device") == std::string::npos);  // under way
        driver.fail("/api/library/tracks");
    }
    CHECK(driver.markup("main").find("Saved on this device 3 h ago") != std::string::npos);
}

TEST_CASE("what was kept for more than a month is not shown") {
    Driver driver;
    driver.sign_in("anna", "/settings");
    driver.send(input::NetworkChanged{false});
    driver.send(input::Navigated{"/library/tracks", false, 0});
    const auto read = driver.one<command::StoreGet>();
    REQUIRE(read);
    const auto at = driver.now - 31LL * 24 * 3'600'000;
    driver.send(input::Stored{read->id, std::to_string(at) + "\n" + encode(liked(0, 3, 3))});
    CHECK(driver.rows().empty());
    CHECK(driver.markup("main").find("Not on this device yet") != std::string::npos);
}

TEST_CASE("devices and queue are of the moment, not kept") {
    Driver driver;
    driver.sign_in();
    driver.act(action::ShowPanel{Panel::devices});
    CHECK_FALSE(driver.one<command::StoreGet>());
    driver.answer("/api/player/devices", encode(Devices{}));
    CHECK_FALSE(driver.one<command::StorePut>());
}

TEST_CASE("a panel that closes gives the focus to the button that opened it") {
    Driver driver;
    driver.sign_in();
    driver.act(action::ShowPanel{Panel::queue});
    CHECK(driver.one<command::Focus>() == command::Focus{"side-title"});
    driver.act(action::ShowPanel{Panel::devices});
    CHECK(driver.one<command::Focus>() == command::Focus{"side-title"});
    driver.act(action::ShowPanel{Panel::devices});
    CHECK(driver.one<command::Focus>() == command::Focus{"devices-button"});
}

TEST_CASE("after back the page goes where it was, and then stays where somebody put it") {
    Driver driver;
    driver.sign_in("anna", "/settings");
    const auto playlist_id = id<PlaylistId>(5);
    driver.send(input::Navigated{"/playlist/" + playlist_id.str(), true, 700});
    CHECK(driver.one<command::ScrollTo>() == command::ScrollTo{"", 700});
    Playlist playlist;
    playlist.id = playlist_id;
    playlist.readable = true;
    driver.answer("/api/playlists/" + playlist_id.str(), encode(playlist));
    CHECK(driver.one<command::ScrollTo>() == command::ScrollTo{"", 700});

    SECTION("the list comes after the head") {
        driver.answer("/api/playlists/" + playlist_id.str() + "/items", encode(PlaylistItemPage{}));
        CHECK(driver.one<command::ScrollTo>() == command::ScrollTo{"", 700});
        driver.answer_store();
        driver.answer("/api/library/playlists", encode(PlaylistPage{}));
        driver.answer_store();
        driver.send(input::VisibilityChanged{true});
        CHECK(driver.state.scroll == 0);
    }
    SECTION("somebody scrolled") {
        driver.send(input::Scrolled{});
        driver.answer("/api/playlists/" + playlist_id.str() + "/items", encode(PlaylistItemPage{}));
        CHECK_FALSE(driver.one<command::ScrollTo>());
    }
}

TEST_CASE("back to a page that is there already leaves nothing to be restored") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", encode(liked(0, 50, 50)));
    driver.answer("/api/library/playlists", encode(PlaylistPage{}));
    driver.answer_store();
    driver.send(input::Navigated{"/settings", false, 0});
    driver.send(input::Navigated{"/library/tracks", true, 400});
    CHECK(driver.one<command::ScrollTo>() == command::ScrollTo{"", 400});
    CHECK(driver.state.scroll == 0);
}

TEST_CASE("home shows the top songs too") {
    Driver driver;
    driver.sign_in("anna", "/");
    TrackPage top;
    top.items.push_back(track(7));
    top.total = 1;
    driver.answer("/api/top/tracks", encode(top));
    const auto page = driver.markup("main");
    CHECK(page.find("Your top songs") != std::string::npos);
    CHECK(page.find("id=\"top-0\"") != std::string::npos);
    CHECK(page.find("Track 7") != std::string::npos);
}

TEST_CASE("searching waits for a pause, and forgets what is no longer wanted") {
    Driver driver;
    driver.sign_in("anna", "/search");
    driver.act(action::Typed{}, "har");
    CHECK_FALSE(driver.fetched("/api/search"));
    CHECK(driver.one<command::StartTimer>()->timer == "search");
    driver.send(input::TimerFired{"search"});
    const auto first = driver.fetched("/api/search?q=har");
    REQUIRE(first);
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/search?q=har", true});
    driver.act(action::Typed{}, "harbour");
    driver.act(action::Searched{});
    CHECK(driver.one<command::Abort>() == command::Abort{first->id});
    driver.send(input::Answered{first->id, 200, encode(SearchResults{}), std::nullopt});
    CHECK(driver.markup("main").find("Nothing found") == std::string::npos);
    driver.answer("/api/search?q=harbour", encode(SearchResults{}));
    CHECK(driver.markup("main").find("Nothing found for “harbour”") != std::string::npos);
    CHECK_FALSE(driver.one<command::StorePut>());
}

TEST_CASE("typing in the search box elsewhere opens search and keeps the cursor") {
    Driver driver;
    driver.sign_in("anna", "/settings");
    driver.act(action::Typed{}, "moon");
    driver.send(input::TimerFired{"search"});
    CHECK(driver.one<command::Navigate>() == command::Navigate{"/search?q=moon", false});
    CHECK_FALSE(driver.one<command::Focus>());
}

}  // namespace cadenza::client
