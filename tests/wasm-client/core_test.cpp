#include "wasm-client/app/core.hpp"

#include "tests/support/random.hpp"
#include "tests/wasm-client/driver.hpp"
#include "wasm-client/app/keys.hpp"

#include <set>

namespace cadenza::client {

namespace {

Input random_input(Random& random, std::int32_t last_id) {
    const auto some_id = static_cast<std::int32_t>(random.below(static_cast<std::size_t>(last_id) + 3));
    const auto track_uri = uri(id<TrackId>(static_cast<int>(random.below(5))).uri());
    const std::vector<std::string> bodies{"",
                                          "{}",
                                          "[]",
                                          "{\"authenticated\":true,\"account\":\"anna\"}",
                                          "{\"authenticated\":false}",
                                          encode(Driver::config()),
                                          encode(SavedTrackPage{{{1, track(1)}, {2, track(2)}}, 0, 500, 1}),
                                          encode(Playback{}),
                                          problem(ProblemCode::account_changed),
                                          problem(ProblemCode::signed_out),
                                          "{\"saved\":[true,false]}",
                                          random.bytes(30)};
    const std::vector<Action> actions{action::SignIn{},
                                      action::SignOut{},
                                      action::AskDisconnect{},
                                      action::Disconnect{},
                                      action::Retry{},
                                      action::Typed{},
                                      action::Searched{},
                                      action::ShowPanel{Panel::queue},
                                      action::ShowPanel{Panel::devices},
                                      action::SetTheme{Theme::light},
                                      action::ShowMore{"x"},
                                      action::ToggleLike{track_uri, "T"},
                                      action::Play{std::nullopt, track_uri, "/api/library/tracks"},
                                      action::TogglePlay{},
                                      action::Next{},
                                      action::Seek{},
                                      action::VolumeSet{},
                                      action::ToggleMute{},
                                      action::CycleRepeat{},
                                      action::Transfer{"d"},
                                      action::Enqueue{track_uri, "T"}};
    const std::vector<std::string> addresses{"/",
                                             "/library/tracks",
                                             "/library/artists",
                                             "/search?q=a",
                                             "/settings",
                                             "/album/0000000000000000000001",
                                             "/playlist/0000000000000000000001",
                                             "/artist/0000000000000000000001"};
    const std::vector<std::string> timers{"session-slow", "session-again", "playback", "search", "edits",
                                          "liked",        "toast",         "token",    "expire", "?"};
    switch (random.below(12)) {
        case 0:
            return input::Acted{on(actions[random.below(actions.size())]), std::to_string(random.below(200))};
        case 1:
        case 2:
        case 3:
            return input::Answered{
                some_id, random.chance(70) ? 200 : static_cast<std::int32_t>(random.below(600)),
                bodies[random.below(bodies.size())],
                random.chance(10) ? std::optional(input::FetchFailure::timeout) : std::nullopt};
        case 4:
            return input::Stored{some_id, random.chance(50)
                                              ? std::optional("12\n" + bodies[random.below(bodies.size())])
                                              : std::nullopt};
        case 5: return input::TimerFired{timers[random.below(timers.size())]};
        case 6: return input::Navigated{addresses[random.below(addresses.size())], random.chance(50), 300};
        case 7: return input::NetworkChanged{random.chance(60)};
        case 8:
            return input::WindowMoved{"list-library-tracks", static_cast<std::int32_t>(random.below(400)),
                                      420};
        case 9: return input::SdkSignalled{static_cast<input::SdkSignal>(random.below(10)), "device"};
        case 10:
            if (random.chance(20)) return input::Resumed{};
            if (random.chance(20)) return input::Scrolled{};
            return input::AccountSignalled{random.chance(50) ? "" : "bert", random.chance(30) ? "anna" : ""};
        default: return input::Acted{random.bytes(20), std::nullopt};
    }
}

}  // namespace

TEST_CASE("a call that cannot be read is answered with nothing") {
    Core core;
    for (const auto* text : {"", "{", "null", "{\"now\":1}", "{\"now\":1,\"input\":{\"unknown\":{}}}"})
        CHECK(core.call(text) == "{\"patches\":[],\"commands\":[]}");
}

TEST_CASE("keys that are not ours stay the browser's") {
    Core core;
    const auto press = [&](std::string key) {
        return core.call(encode(Call{1, input::KeyPressed{std::move(key), false, false, false}}));
    };
    CHECK(press("Tab") == "{\"patches\":[],\"commands\":[]}");
    CHECK(press(" ") == "{\"patches\":[],\"commands\":[]}");  // nobody is signed in
    Driver driver;
    driver.sign_in();
    CHECK(is_ours(driver.state, {" ", false, false, false}));
    CHECK_FALSE(is_ours(driver.state, {"Tab", false, false, false}));
    CHECK_FALSE(is_ours(driver.state, {"n", true, false, false}));
}

TEST_CASE("the first screen is the same for everyone") {
    const auto first = screen(State{});
    std::string all;
    for (const auto& region : first.regions) all += region.markup.str();
    CHECK(all.find("<h1") == std::string::npos);
    CHECK(all.find("Sign in") == std::string::npos);
    CHECK(first.lists.empty());
    CHECK(screen(State{}) == first);
}

TEST_CASE("whatever happens, in whatever order, ends in a page that can be drawn") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Random random(seed);
        State state;
        std::int64_t now = 1'790'000'000'000;
        (void)update(state, input::Started{"/library/tracks", true, true, false, "b", "", ""}, now);
        auto shown = screen(State{});
        for (int i = 0; i < 200; ++i) {
            now += static_cast<std::int64_t>(random.below(5'000));
            (void)update(state, random_input(random, state.last_id), now);
            const auto next = screen(state);
            CHECK(next.regions.size() == 7);
            const auto patches = diff(shown, next);
            CHECK(decode<Reply>(encode(Reply{patches, {}})));
            shown = next;
            std::string all;
            for (const auto& region : shown.regions) all += region.markup.str();
            CHECK(all.find(" style=") == std::string::npos);
            std::set<std::string> ids;
            for (auto at = all.find(" id=\""); at != std::string::npos; at = all.find(" id=\"", at + 1)) {
                const auto begin = at + 5;
                const auto id = all.substr(begin, all.find('"', begin) - begin);
                INFO(id);
                CHECK(ids.insert(id).second);
            }
        }
    }
}

TEST_CASE("a shell that another build wrote is painted anew as a whole") {
    const auto start = [](std::string shell) {
        Core core;
        const auto reply = decode<Reply>(
            core.call(encode(Call{1, input::Started{"/", true, true, false, std::move(shell), "", ""}})));
        std::set<std::string> painted;
        for (const auto& patch : reply->patches)
            if (const auto* morph = std::get_if<patch::Morph>(&patch)) painted.insert(morph->target);
        return painted;
    };
    const auto first = screen(State{});
    CHECK(start("another").size() == first.regions.size());
    CHECK(start("").size() == first.regions.size());
    CHECK(start(shell_id(first)).size() < first.regions.size());
    auto other = first;
    other.regions.back().markup += html("<p></p>");
    CHECK(shell_id(other) != shell_id(first));
}

TEST_CASE("the same inputs give the same answers") {
    const auto play = [] {
        Core core;
        Random random(5);
        std::string all = core.call(encode(Call{1, input::Started{"/", true, true, false, "b", "", ""}}));
        for (int i = 0; i < 300; ++i) all += core.call(encode(Call{1'000 + i, random_input(random, i / 4)}));
        return all;
    };
    CHECK(play() == play());
}

}  // namespace cadenza::client
