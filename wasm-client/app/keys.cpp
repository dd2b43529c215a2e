#include "wasm-client/app/keys.hpp"

#include "wasm-client/app/navigation.hpp"
#include "wasm-client/features/library/likes.hpp"
#include "wasm-client/features/player/player.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cadenza::client {
namespace {

void seek_by(State& state, Effects& effects, std::int64_t ms) {
    if (state.player.now.item) seek(state, effects, progress_at(state.player.now, state.now) + ms);
}

void like_playing(State& state, Effects& effects) {
    const auto& item = state.player.now.item;
    if (item && item->uri && item->uri->kind() == "track")
        toggle_like(state, effects, {*item->uri, item->name});
}

constexpr std::int64_t step_ms = 5'000;
constexpr std::int64_t stride_ms = 30'000;

constexpr std::array<std::string_view, 4> plain_keys{" ", "ArrowLeft", "ArrowRight", "Escape"};
constexpr std::string_view letters = "/npmsrlqd";

}  // namespace

bool is_ours(const State& state, const input::KeyPressed& key) {
    if (!state.has_account() || key.alt) return false;
    if (key.ctrl) return key.key == "ArrowUp" || key.key == "ArrowDown";
    if (key.key.size() == 1 && letters.find(key.key) != letters.npos) return !state.meta.letters_off;
    return std::find(plain_keys.begin(), plain_keys.end(), key.key) != plain_keys.end();
}

void on_key(State& state, Effects& effects, const input::KeyPressed& key) {
    if (!is_ours(state, key)) return;
    if (key.ctrl) {
        if (key.key == "ArrowUp") set_volume(state, effects, state.player.volume + 5, false);
        if (key.key == "ArrowDown") set_volume(state, effects, state.player.volume - 5, false);
        return;
    }
    const auto step = key.shift ? stride_ms : step_ms;
    if (key.key == " ") return toggle_play(state, effects);
    if (key.key == "ArrowLeft") return seek_by(state, effects, -step);
    if (key.key == "ArrowRight") return seek_by(state, effects, step);
    if (key.key == "/") {
        if (!std::holds_alternative<page::Search>(state.page)) go(state, effects, page::Search{state.typed});
        effects.emplace_back(command::Focus{"search"});
        return;
    }
    if (key.key == "Escape" && state.panel != Panel::none) return toggle_panel(state, effects, state.panel);
    if (key.key == "n") return skip(state, effects, true);
    if (key.key == "p") return skip(state, effects, false);
    if (key.key == "m") return toggle_mute(state, effects);
    if (key.key == "s") return toggle_shuffle(state, effects);
    if (key.key == "r") return cycle_repeat(state, effects);
    if (key.key == "l") return like_playing(state, effects);
    if (key.key == "q") return toggle_panel(state, effects, Panel::queue);
    if (key.key == "d") return toggle_panel(state, effects, Panel::devices);
}

}  // namespace cadenza::client
