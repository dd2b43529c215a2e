// Lists without a context of Spotify's: at most a hundred tracks are sent, the rest when the last of them
// begins.

#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/player/reconcile.hpp"

#include <algorithm>
#include <utility>

namespace cadenza::client {
namespace {

constexpr std::size_t soon = 6;  // tracks to go when the list's next page is fetched
constexpr std::int32_t retry_ms = 10'000;

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

bool is_sent(const Player::Rest& rest, const std::optional<PlayingItem>& item) {
    return item && item->uri && std::find(rest.sent.begin(), rest.sent.end(), *item->uri) != rest.sent.end();
}

}  // namespace

void begin_rest(Player& player, std::optional<Player::Rest> rest) {
    // Of commands that overlap, the first is where there is something to go back to.
    if (!player.rest_command) player.rest_before = std::move(player.rest);
    player.rest = std::move(rest);
    player.rest_command = 0;
}

void take_back_rest(Player& player) {
    if (!player.rest_command) return;
    player.rest_command.reset();
    player.rest = std::exchange(player.rest_before, std::nullopt);
}

void accept_rest(Player& player) {
    player.rest_command.reset();
    player.rest_before.reset();
    if (player.rest) player.rest->not_before = 0;
}

bool refuse_rest(State& state, Effects& effects, const Trouble& trouble) {
    auto& player = state.player;
    const bool said = player.rest && player.rest->not_before > 0;
    take_back_rest(player);
    if (player.rest) {
        const auto pause = wait_ms(state, trouble, retry_ms);
        player.rest->not_before = state.now + pause;
        effects.emplace_back(command::StartTimer{"rest", pause});
    }
    return !said;
}

void hear_rest(State& state) {
    auto& player = state.player;
    const auto& now = player.now;
    if (!player.rest || !now.item || !now.item->uri) return;
    auto& rest = *player.rest;
    if (is_sent(rest, now.item) && !now.context_uri) {
        // A player that begins may not know yet what follows; while a command is under way another track of
        // the list is the one from before it.
        const bool begins = *now.item->uri == rest.sent.front();
        const bool complete = !player.here || player.next || rest.sent.size() == 1;
        if (begins ? complete : !is_unsettled(state)) rest.heard = true;
    } else if (rest.heard && (now.context_uri || !is_sent(rest, player.next))) {
        // Somebody started something else. What was put into the queue is followed by ours.
        player.rest.reset();
    }
}

void keep_playing(State& state, Effects& effects) {
    auto& player = state.player;
    const auto& now = player.now;
    if (!player.rest || !now.is_playing || !now.item || !now.item->uri || !state.can_ask()) return;
    if (!player.rest->heard || state.now < player.rest->not_before) return;
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
    Player::Rest rest{player.rest->list, more.uris.back(), more.uris};
    rest.not_before = player.rest->not_before;
    begin_rest(player, std::move(rest));
    play.uris = std::move(more.uris);
    play.offset = player_command::Offset{Count(0), std::nullopt};
    play.position_ms = progress_at(now, state.now);
    if (player.here) return tell_here(state, effects, std::move(play), "play");
    tell(state, effects, std::move(play), "play");
}

}  // namespace cadenza::client
