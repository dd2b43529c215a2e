#include "tests/support/random.hpp"
#include "tests/wasm-client/player_scene.hpp"
#include "wasm-client/ports/playback_sdk.hpp"

namespace cadenza::client {

namespace {

const auto album = uri("spotify:album:0000000000000000000009");
const auto song = uri("spotify:track:0000000000000000000001");

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

TEST_CASE("while another browser of ours plays, what is clicked plays here") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    auto playback = elsewhere(driver);
    playback.device->name = "Cadenza";
    driver.answer("/api/player", encode(playback));
    driver.act(action::Play{uri("spotify:album:0000000000000000000009"), std::nullopt, std::nullopt});
    const auto command = command_in(driver);
    REQUIRE(std::holds_alternative<player_command::Play>(command));
    CHECK(std::get<player_command::Play>(command).device_id == "here-1");
}

TEST_CASE("while another device plays, what is clicked plays there, too") {
    Driver driver;
    driver.sign_in();
    know_liked(driver, 0, 20);
    ready(driver);
    play_elsewhere(driver);
    driver.act(action::Play{std::nullopt, track_uri(3), std::string(liked_list)});
    CHECK_FALSE(std::get<player_command::Play>(command_in(driver)).device_id);
    CHECK(driver.state.player.now.item->name == "Track 3");
    CHECK(sdk_calls(driver).empty());
    driver.act(action::Play{album, std::nullopt, std::nullopt});
    CHECK_FALSE(std::get<player_command::Play>(command_in(driver)).device_id);
    driver.act(action::TogglePlay{});
    CHECK(command_in(driver) == PlayerCommand(player_command::Pause{}));
}

TEST_CASE("a click without a connection says so, and nothing plays later") {
    Driver driver;
    driver.sign_in();
    ready(driver);
    driver.send(input::NetworkChanged{false});
    for (const Action& wanted :
         {Action(action::Play{album, song, std::nullopt}), Action(action::TogglePlay{}),
          Action(action::Next{}), Action(action::ToggleShuffle{}), Action(action::Transfer{"speaker"}),
          Action(action::Enqueue{song, "Song"})}) {
        driver.state.toast.reset();
        driver.act(wanted);
        REQUIRE(driver.state.toast);
        CHECK(driver.state.toast->text == "You are offline. Playing music needs a connection.");
        CHECK(driver.one<command::Announce>()->text == driver.state.toast->text);
        CHECK(driver.all<command::Fetch>().empty());
    }
    CHECK_FALSE(driver.state.player.now.shuffle);
    driver.send(input::NetworkChanged{true});
    driver.answer("/api/session", encode(driver.session("anna")));
    CHECK_FALSE(driver.fetched("/api/player/commands"));
    ready(driver, "here-2");
    CHECK_FALSE(driver.fetched("/api/player/commands"));
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
    play_here(driver);
    using Method = command::SdkMethod;
    const auto press = [&](std::string name, std::optional<Millis> position = std::nullopt) {
        driver.send(input::MediaAction{std::move(name), position});
        return sdk_calls(driver);
    };
    CHECK(press("play").empty());  // it plays
    CHECK(press("pause") == std::vector{Method::activate, Method::pause});
    CHECK(driver.one<command::SetMedia>()->playing == false);
    CHECK(press("pause").empty());
    CHECK(press("play") == std::vector{Method::activate, Method::resume});
    CHECK(press("stop") == std::vector{Method::activate, Method::pause});
    CHECK(press("nexttrack") == std::vector{Method::next});
    CHECK(press("previoustrack") == std::vector{Method::previous});
    CHECK(press("seekto").empty());
    CHECK(press("seekto", Millis(9'000)) == std::vector{Method::seek});
    CHECK(driver.one<command::SdkCall>()->value == 9'000);
    CHECK(driver.one<command::SetMedia>()->position_ms == 9'000);
    CHECK(press("togglecamera").empty());
}

TEST_CASE("the volume is that of what plays") {
    Driver driver;
    driver.sign_in();
    driver.act(action::VolumeSet{}, "65");
    play_elsewhere(driver);
    CHECK(driver.state.player.volume == 40);
    driver.act(action::VolumeSet{}, "20");
    CHECK(std::get<player_command::Volume>(command_in(driver)).percent == 20);
    CHECK(sdk_calls(driver).empty());
    CHECK_FALSE(driver.one<command::StoreMeta>());
    driver.answer("command", problem(ProblemCode::restricted), 403);
    CHECK(driver.state.player.volume == 40);
    play_here(driver);
    CHECK(driver.state.player.volume == 65);
}

TEST_CASE("a device without a volume of ours is left alone") {
    Driver driver;
    driver.sign_in();
    auto playback = elsewhere(driver);
    playback.device->supports_volume = false;
    playback.device->volume_percent.reset();
    driver.answer("/api/player", encode(playback));
    CHECK(driver.state.player.volume_fixed());
    const auto volume = driver.state.player.volume;
    driver.act(action::VolumeSet{}, "10");
    driver.act(action::ToggleMute{});
    CHECK(driver.state.player.volume == volume);
    CHECK(driver.effects.empty());
    play_here(driver);
    CHECK_FALSE(driver.state.player.volume_fixed());
}

}  // namespace cadenza::client
