#include "tests/support/random.hpp"
#include "tests/wasm-client/driver.hpp"
#include "wasm-client/ports/playback_sdk.hpp"

namespace cadenza::client {

namespace {

const auto album = uri("spotify:album:0000000000000000000009");
const auto song = uri("spotify:track:0000000000000000000001");

std::string sdk_state(bool paused, int number = 1, int position = 1'000) {
    return R"~({"context":{"uri":"spotify:album:0000000000000000000009"},"disallows":{"skipping_prev":true},"duration":180000,)~"
           R"~("paused":)~" +
           std::string(paused ? "true" : "false") + R"~(,"position":)~" + std::to_string(position) +
           R"~(,"repeat_mode":1,"shuffle":true,"track_window":{"current_track":{"uri":"spotify:track:)~" +
           id<TrackId>(number).str() +
           R"~(","name":"Song","artists":[{"name":"Ana","uri":"spotify:artist:0000000000000000000003"}],)~"
           R"~("album":{"name":"Album","uri":"spotify:album:0000000000000000000009","images":[]}},"next_tracks":[]}})~";
}

void ready(Driver& driver) { driver.send(input::SdkSignalled{input::SdkSignal::ready, "here-1"}); }

PlayerCommand command_in(const Driver& driver) {
    const auto fetch = driver.fetched("/api/player/commands");
    REQUIRE(fetch);
    return *decode<PlayerCommand>(*fetch->body, UnknownFields::refuse);
}

std::vector<command::SdkMethod> sdk_calls(const Driver& driver) {
    std::vector<command::SdkMethod> out;
    for (const auto& call : driver.all<command::SdkCall>()) out.push_back(call.method);
    return out;
}

}  // namespace

TEST_CASE("the SDK is started with the session, so that the first click finds it ready") {
    Driver driver;
    driver.start("/settings");
    driver.answer("/api/config", encode(Driver::config()));
    driver.answer("/api/session", encode(driver.session("anna")));
    REQUIRE(driver.one<command::SdkStart>());
    CHECK(driver.one<command::SdkStart>()->url == "https://sdk.scdn.co/spotify-player.js");
}

TEST_CASE("a click plays here as soon as it can") {
    Driver driver;
    driver.sign_in();
    driver.act(action::Play{album, song, std::nullopt});
    CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::activate});
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    ready(driver);
    const auto play = std::get<player_command::Play>(command_in(driver));
    CHECK(play.device_id == "here-1");
    CHECK(play.context_uri == album);
    CHECK(play.offset->uri == song);
}

TEST_CASE("while another device plays, commands go to it") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    Playback playback;
    playback.device = Device{"speaker", "Kitchen", "Speaker", true, false, true, 40};
    playback.is_playing = true;
    playback.timestamp = driver.now;
    driver.answer("/api/player", encode(playback));
    driver.act(action::Play{album, std::nullopt, std::nullopt});
    CHECK_FALSE(std::get<player_command::Play>(command_in(driver)).device_id);
}

TEST_CASE("playing here is controlled through the SDK and never polled") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    driver.send(input::SdkStateChanged{sdk_state(false)});
    CHECK(driver.state.player.here);
    CHECK(driver.one<command::SetMedia>()->title == "Song");
    CHECK(driver.one<command::Announce>()->text == "Now playing: Song by Ana");
    CHECK(driver.markup("bar").find("aria-label=\"Pause\"") != std::string::npos);
    for (const auto& timer : driver.all<command::StartTimer>()) CHECK(timer.timer != "playback");

    driver.send(input::SdkStateChanged{sdk_state(false, 1, 5'000)});
    CHECK_FALSE(driver.one<command::Announce>());
    driver.act(action::TogglePlay{});
    CHECK(sdk_calls(driver).back() == command::SdkMethod::pause);
    CHECK_FALSE(driver.fetched("/api/player"));
    driver.act(action::Next{});
    CHECK(sdk_calls(driver) == std::vector{command::SdkMethod::next});
    driver.act(action::Seek{}, "60000");
    CHECK(driver.one<command::SdkCall>() == command::SdkCall{command::SdkMethod::seek, 60'000});
    driver.act(action::VolumeSet{}, "30");
    CHECK(driver.one<command::SdkCall>() == command::SdkCall{command::SdkMethod::volume, 30});
    CHECK(decode<MetaChange>(driver.one<command::StoreMeta>()->value)->volume == 30);
    driver.act(action::ToggleShuffle{});
    CHECK(command_in(driver) == PlayerCommand(player_command::Shuffle{false, "here-1"}));
    driver.act(action::CycleRepeat{});
    CHECK(command_in(driver) == PlayerCommand(player_command::Repeat{RepeatMode::track, "here-1"}));
}

TEST_CASE("mute comes back to where it was") {
    Driver driver;
    driver.sign_in();
    driver.act(action::VolumeSet{}, "70");
    driver.act(action::ToggleMute{});
    CHECK(driver.state.player.volume == 0);
    driver.act(action::ToggleMute{});
    CHECK(driver.state.player.volume == 70);
}

TEST_CASE("the SDK gets a token when it wants one") {
    Driver driver;
    driver.sign_in();
    driver.send(input::SdkSignalled{input::SdkSignal::token_wanted, ""});
    CHECK(driver.fetched("/api/player/token"));
    driver.answer("token", encode(PlayerToken{"secret", 1}));
    CHECK(driver.one<command::SdkToken>() == command::SdkToken{"secret"});
    CHECK(encode(driver.state.meta).find("secret") == std::string::npos);
}

TEST_CASE("without a device the panel opens") {
    Driver driver;
    driver.sign_in();
    driver.send(input::SdkSignalled{input::SdkSignal::account_error, "premium"});
    driver.act(action::Play{album, song, std::nullopt});
    CHECK(driver.state.panel == Panel::devices);
    CHECK(driver.markup("notices").find("needs Spotify Premium") != std::string::npos);

    driver.act(action::Next{});
    driver.answer("command", problem(ProblemCode::no_active_device), 404);
    CHECK(driver.state.panel == Panel::devices);
}

TEST_CASE("the SDK's state is read as ours, whatever it holds") {
    const auto read = read_sdk_state(sdk_state(false), 42);
    REQUIRE(read);
    CHECK(read->playback.item->name == "Song");
    CHECK(read->playback.item->artists == std::vector<ArtistRef>{{id<ArtistId>(3), "Ana"}});
    CHECK(read->playback.repeat == RepeatMode::context);
    CHECK(read->playback.shuffle);
    CHECK(read->playback.disallows == std::vector<std::string>{"previous"});
    CHECK(read->playback.timestamp == 42);

    Random random(3);
    const auto good = sdk_state(true);
    for (int i = 0; i < 2'000; ++i) {
        auto text = good;
        for (int n = 0; n < 3; ++n) text[random.below(text.size())] = static_cast<char>(random.below(256));
        (void)read_sdk_state(text, 0);
    }
    CHECK_FALSE(read_sdk_state("[]", 0));
}

TEST_CASE("a media key does what it says") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    driver.send(input::SdkStateChanged{sdk_state(false)});
    driver.send(input::MediaAction{"play", std::nullopt});
    CHECK(sdk_calls(driver).empty());
    driver.send(input::MediaAction{"pause", std::nullopt});
    CHECK(sdk_calls(driver).back() == command::SdkMethod::pause);
    driver.send(input::MediaAction{"seekto", Millis(9'000)});
    CHECK(driver.one<command::SdkCall>()->value == 9'000);
}

}  // namespace cadenza::client
