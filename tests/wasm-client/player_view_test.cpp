#include "wasm-client/features/player/player_view.hpp"

#include "tests/support/catch.hpp"
#include "tests/wasm-client/driver.hpp"

#include <string>

using namespace cadenza;
using namespace cadenza::client;

namespace {

bool has(const Html& html, std::string_view text) { return html.str().find(text) != std::string::npos; }

State playing_elsewhere() {
    State state;
    state.sign_in = SignIn::signed_in;
    PlayingItem item;
    item.name = "Carrying the Estuary";
    item.uri = Uri::parse("spotify:track:0123456789abcdefABCDEF").value();
    item.duration_ms = 200'000;
    state.player.now.item = std::move(item);
    Device device;
    device.name = "Kitchen";
    device.supports_volume = true;
    state.player.now.device = std::move(device);
    return state;
}

}  // namespace

TEST_CASE("the panel of what is playing has every control of the player") {
    auto state = playing_elsewhere();
    state.panel = Panel::now;
    const auto panel = side_view(state);
    for (const char* name : {"Shuffle", "Previous", "Play", "Next", "Repeat", "Seek", "Volume", "Mute",
                             "Queue", "Devices", "Close"})
        CHECK(has(panel, std::string("aria-label=\"") + name + "\""));
    CHECK(has(panel, "Playing on Kitchen"));
}

TEST_CASE("ids stay unique while bar and panel show the same controls") {
    auto state = playing_elsewhere();
    state.panel = Panel::now;
    const auto both = bar_view(state).str() + side_view(state).str();
    for (const char* id : {"seek", "volume", "sheet-seek", "sheet-volume", "now-button", "queue-button"}) {
        const auto text = std::string(" id=\"") + id + "\"";
        const auto first = both.find(text);
        REQUIRE(first != std::string::npos);
        CHECK(both.find(text, first + 1) == std::string::npos);
    }
}

TEST_CASE("a device with a knob of its own takes no volume from here") {
    auto state = playing_elsewhere();
    const auto with = bar_view(state);
    state.player.now.device->supports_volume = false;
    const auto without = bar_view(state);
    const auto disabled = [](const Html& html) {
        const auto slider = html.str().find("id=\"volume\"");
        return html.str().substr(slider, html.str().find('>', slider) - slider).find(" disabled") !=
               std::string::npos;
    };
    CHECK_FALSE(disabled(with));
    CHECK(disabled(without));
}

TEST_CASE("what plays leads to its page at Spotify") {
    CHECK(has(bar_view(playing_elsewhere()), "https://open.spotify.com/track/0123456789abcdefABCDEF"));
}
