#include "wasm-client/features/player/reconcile.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/session/session.hpp"

#include <algorithm>
#include <utility>

namespace cadenza::client {
namespace {

constexpr std::int32_t watch_ms = 30'000;  // another device plays and the page is looked at
constexpr std::int64_t longest_ms = 60'000;
constexpr std::int64_t day_ms = 24 * 3'600'000;
constexpr std::int32_t again_ms = 700;  // until Spotify knows a device that has just said it is ready
constexpr std::int32_t most_doubts = 3;
constexpr std::int64_t restart_ms = 3'000;  // further back than two clocks' difference

bool is_own(const Player& player, const std::optional<Device>& device) {
    return device && device->id && !device->id->empty() &&
           (*device->id == player.here_id || *device->id == player.gone_id);
}

// Twice as long after every read that was of no use.
std::int64_t back_off(Player& player) {
    return std::min(longest_ms, std::int64_t{2'000} << std::min(player.doubtful++, 5));
}

std::int64_t pause_after(State& state, const Trouble& trouble) {
    const auto pause = back_off(state.player);
    if (!trouble.problem || !trouble.problem->retry_at) return pause;
    return std::clamp<std::int64_t>(*trouble.problem->retry_at - state.now, pause, day_ms);
}

void watch(State& state, Effects& effects) {
    const auto& now = state.player.now;
    if (!now.is_playing) return;
    const auto left = now.item ? now.item->duration_ms - progress_at(now, state.now) + settle_ms : watch_ms;
    look_later(state, effects, std::clamp<std::int64_t>(left, settle_ms, watch_ms));
}

// Spotify may answer with what was before the command.
bool lags(const State& state, const Playback& playback) {
    const auto& player = state.player;
    if (player.doubtful >= most_doubts) return false;
    const auto uri = [](const Playback& of) { return of.item ? of.item->uri : std::nullopt; };
    // A track that was skipped may begin anew, too.
    const bool restarted = playback.progress_ms + restart_ms < progress_at(player.now, state.now);
    if (player.skipped && uri(playback) == player.skipped && !restarted) return true;
    if (!player.expecting) return false;
    return playback.is_playing != player.now.is_playing || uri(playback) != uri(player.now);
}

void believe(State& state, Effects& effects, Playback playback) {
    auto& player = state.player;
    const auto item = [](const Playback& of) { return of.item ? of.item->uri : std::nullopt; };
    const auto device = [](const Playback& of) { return of.device ? of.device->id : std::nullopt; };
    if (item(playback) != item(player.now)) state.resources.mark_stale("/api/player/queue");
    if (device(playback) != device(player.now)) state.resources.mark_stale("/api/player/devices");
    player.expecting = false;
    player.doubtful = 0;
    player.now = std::move(playback);
    player.now.timestamp = state.now;  // the server's clock is not this one
    player.skipped.reset();
    hear_rest(state);
    follow_volume(state);
    show(state, effects);
    watch(state, effects);
}

struct SetDevice {
    const std::string& id;
    template <class T>
    void operator()(T& command) const {
        command.device_id = id;
    }
};

}  // namespace

bool can_command(State& state, Effects& effects) {
    if (state.can_ask()) return true;
    show_toast(state, effects,
               !state.online                      ? "You are offline. Playing music needs a connection."
               : state.sign_in == SignIn::expired ? "Sign in again to play music."
                                                  : "The server cannot be reached. Playing music needs it.");
    return false;
}

Playback& optimistic(State& state) {
    auto& player = state.player;
    if (!player.before) player.before = player.now;
    return player.now;
}

void undo(State& state, Effects& effects) {
    auto& player = state.player;
    if (!player.before) return;
    player.now = *std::exchange(player.before, std::nullopt);
    follow_volume(state);
    show(state, effects);
}

bool is_unsettled(const State& state) {
    if (state.player.waiting || state.player.again) return true;
    return std::any_of(state.pending.begin(), state.pending.end(),
                       [](const auto& entry) { return entry.second.purpose == Purpose::command; });
}

bool drop_kept(State& state, Effects& effects) {
    auto& player = state.player;
    player.told.reset();
    const auto kept = player.waiting ? player.waiting : player.again;
    if (!kept) return false;
    player.waiting.reset();
    player.again.reset();
    effects.emplace_back(command::StopTimer{"waiting"});
    effects.emplace_back(command::StopTimer{"again"});
    if (std::holds_alternative<player_command::Play>(*kept)) take_back_rest(player);
    return true;
}

void tell(State& state, Effects& effects, const PlayerCommand& command, std::string what) {
    const auto id =
        send(state, effects, endpoint::player_command, {Purpose::command, std::move(what)}, command);
    if (state.player.rest_command && std::holds_alternative<player_command::Play>(command))
        state.player.rest_command = id;
}

void tell_here(State& state, Effects& effects, PlayerCommand command, std::string what) {
    auto& player = state.player;
    drop_kept(state, effects);
    if (player.here_id.empty()) {
        player.waiting = std::move(command);
        effects.emplace_back(command::StartTimer{"waiting", 15'000});
        return begin_player(state, effects);
    }
    std::visit(SetDevice{player.here_id}, command);
    tell(state, effects, command, std::move(what));
    player.told = Player::Told{state.last_id, std::move(command)};
}

void show(State& state, Effects& effects) {
    const auto& now = state.player.now;
    command::SetMedia media;
    if (now.item && state.player.here) {
        media.title = now.item->name;
        media.artist = names(now.item->artists);
        media.album = now.item->collection;
        if (const auto* image = best_image(now.item->images, 300)) media.artwork = image->url.str();
        media.playing = now.is_playing;
        media.position_ms = progress_at(now, state.now);
        media.duration_ms = now.item->duration_ms;
    }
    effects.emplace_back(std::move(media));
    if (!now.item || !now.item->uri || !now.is_playing || state.player.announced == now.item->uri->str())
        return;
    state.player.announced = now.item->uri->str();
    effects.emplace_back(
        command::Announce{"Now playing: " + now.item->name + " by " + names(now.item->artists)});
}

void set_playing(State& state, bool playing) {
    auto& now = state.player.now;
    now.progress_ms = progress_at(now, state.now);
    now.timestamp = state.now;
    now.is_playing = playing;
}

void look_later(State& state, Effects& effects, std::int64_t after_ms) {
    // While it plays here the SDK tells; coming back to the page reads at once.
    if (state.player.here || !state.visible) return;
    effects.emplace_back(command::StartTimer{"playback", static_cast<std::int32_t>(after_ms)});
}

void follow_volume(State& state) {
    auto& player = state.player;
    if (player.here || !player.now.device)
        player.volume = state.meta.volume;
    else if (player.now.device->volume_percent)
        player.volume = *player.now.device->volume_percent;
}

void refresh_playback(State& state, Effects& effects) {
    // What a read says while a command is under way is not believed anyway.
    if (!state.can_ask() || !state.visible || is_unsettled(state)) return;
    for (const auto& [id, pending] : state.pending)
        if (pending.purpose == Purpose::playback) return;
    state.player.asked_at = state.now;
    send(state, effects, endpoint::player, {Purpose::playback, {}});
}

void on_playback(State& state, Effects& effects, const input::Answered& answer) {
    auto& player = state.player;
    auto playback = decode<Playback>(answer.body);
    if (answer.status != 200 || !playback) {
        const auto trouble = trouble_of(answer);
        on_refused(state, effects, trouble);
        if (state.can_ask()) look_later(state, effects, pause_after(state, trouble));
        return;
    }
    // The SDK knows better what it plays, and the answer to a command will have this read again.
    if (player.here || is_unsettled(state)) return;
    if (player.answered_at > 0 && player.asked_at < player.answered_at + settle_ms / 2)
        return look_later(state, effects);
    player.known = true;
    if (is_own(player, playback->device)) {
        // The SDK would have told: either it will in a moment, or this answer is from before playback moved.
        if (playback->is_playing || player.doubtful < most_doubts)
            look_later(state, effects, back_off(player));
        return;
    }
    if (lags(state, *playback)) return look_later(state, effects, back_off(player));
    believe(state, effects, std::move(*playback));
}

void on_player_command(State& state, Effects& effects, const input::Answered& answer,
                       const std::string& what) {
    auto& player = state.player;
    player.answered_at = state.now;
    player.doubtful = 0;
    const bool first = player.told && player.told->id == answer.id;
    auto told = first ? std::exchange(player.told, std::nullopt) : std::nullopt;
    if (answer.status == 204) {
        if (what == "queue") show_toast(state, effects, "Added to the queue");
        state.resources.mark_stale("/api/player/");
        if (player.rest_command == answer.id) accept_rest(player);
        player.expecting = player.before.has_value();
        if (!is_unsettled(state)) player.before.reset();
        return look_later(state, effects);
    }
    const auto trouble = trouble_of(answer);
    if (told && is(trouble, ProblemCode::device_not_found)) {
        player.again = std::move(told->command);
        effects.emplace_back(command::StartTimer{"again", again_ms});
        return;
    }
    on_refused(state, effects, trouble);
    player.expecting = false;
    if (what == "next" || what == "previous") player.skipped.reset();
    undo(state, effects);
    // The list's going on is tried again and again; that it fails is said once.
    if (player.rest_command == answer.id && !refuse_rest(state, effects, trouble))
        return look_later(state, effects);
    show_toast(state, effects,
               trouble.problem ? trouble.problem->detail : "The server could not be reached.");
    if (is(trouble, ProblemCode::no_active_device) || is(trouble, ProblemCode::device_not_found)) {
        state.panel = Panel::devices;
        state.resources.mark_stale("/api/player/devices");
    }
    look_later(state, effects);
}

}  // namespace cadenza::client
