// Lists without a context of Spotify's: at most a hundred tracks are sent, the rest when the last of them
// begins.

#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/player/reconcile.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::size_t soon = 6;  // tracks to go when the list's next page is fetched

// Shuffled, the last one sent may come at any time; what counts is that nothing follows.
bool is_last(const Player& player, const Uri& playing) {
    if (player.now.shuffle) return player.here && !player.next;
    return playing == player.rest->last;
}

bool is_near_end(const State& state, const Uri& playing) {
    const auto& rest = *state.player.rest;
    if (is_last(state.player, playing)) return true;
    if (state.player.now.shuffle) return false;
    const auto ahead = following(state, rest.list, playing, soon).uris;
    return std::find(ahead.begin(), ahead.end(), rest.last) != ahead.end();
}

}  // namespace

void keep_playing(State& state, Effects& effects) {
    auto& player = state.player;
    const auto& now = player.now;
    if (!player.rest || !now.is_playing || !now.item || !now.item->uri || !state.can_ask()) return;
    if ((player.expecting && !player.here) || is_unsettled(state) || !is_near_end(state, *now.item->uri))
        return;
    auto more = following(state, player.rest->list, player.rest->last, most_uris);
    if (more.uris.size() == 1) {
        if (more.missing.empty())
            player.rest.reset();
        else
            ensure(state, effects, {more.missing, &shape_of<SavedTrackPage>});
        return;
    }
    if (!is_last(player, *now.item->uri)) return;
    player_command::Play play;
    if (*now.item->uri != more.uris.front()) more.uris.front() = *now.item->uri;  // shuffled
    player.rest->last = more.uris.back();
    play.uris = std::move(more.uris);
    play.offset = player_command::Offset{Count(0), std::nullopt};
    play.position_ms = progress_at(now, state.now);
    if (player.here) return tell_here(state, effects, std::move(play), "play");
    tell(state, effects, std::move(play), "play");
}

}  // namespace cadenza::client
