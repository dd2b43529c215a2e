#include "server/emulator/player_state.hpp"

#include "server/emulator/random.hpp"

#include <algorithm>
#include <numeric>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t counts_as_played = 30'000;  // ms, as in "recently played"
constexpr std::int64_t restarts_after = 3'000;     // "previous" goes to the track's beginning first
constexpr std::size_t max_history = 50;

}  // namespace

PlayerDevice* Player::find(const std::string& id) {
    const auto found =
        std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return d.id == id; });
    return found == devices.end() ? nullptr : &*found;
}

const PlayerDevice* Player::current_device() const {
    for (const auto& device : devices)
        if (active == device.id) return &device;
    return nullptr;
}

std::optional<Item> Player::current() const {
    if (queued_now) return queued_now;
    if (position >= order.size()) return std::nullopt;
    return items[order[position]];
}

std::int64_t Player::progress(std::int64_t now) const {
    const auto item = current();
    if (!item) return 0;
    return std::clamp<std::int64_t>(base_ + (playing ? now - since_ : 0), 0, item->duration_ms);
}

std::vector<Item> Player::upcoming(std::size_t count) const {
    std::vector<Item> out(queue.begin(),
                          queue.begin() + static_cast<std::ptrdiff_t>(std::min(count, queue.size())));
    for (auto i = position + 1; i < order.size() && out.size() < count; ++i) out.push_back(items[order[i]]);
    if (repeat == Repeat::context)
        for (std::size_t i = 0; i < position && i < order.size() && out.size() < count; ++i)
            out.push_back(items[order[i]]);
    return out;
}

std::optional<Item> Player::previous_item() const {
    if (queued_now && position < order.size()) return items[order[position]];
    if (position == 0 || position > order.size()) return std::nullopt;
    return items[order[position - 1]];
}

void Player::settle(std::int64_t now) {
    base_ = progress(now);
    since_ = now;
    ++version;
}

void Player::start(std::int64_t at, std::int64_t now) {
    base_ = at;
    since_ = now;
    ++version;
}

void Player::remember(std::int64_t now) {
    const auto item = current();
    if (!item || item->episode || progress(now) < std::min(counts_as_played, item->duration_ms)) return;
    history.push_back({item->index, now, queued_now ? "" : context_uri});
    if (history.size() > max_history) history.erase(history.begin());
}

void Player::advance(std::int64_t now) {
    const auto* device = current_device();
    if (!device || device->sdk) return;
    while (playing) {
        const auto item = current();
        if (!item || base_ + now - since_ < item->duration_ms) return;
        end_of_track(since_ + item->duration_ms - base_);
    }
}

void Player::make_order(std::size_t first) {
    order.resize(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    position = first;
    if (!shuffle || items.size() < 2) return;
    Random random(version * 977 + items.size());
    std::swap(order[0], order[first]);
    for (auto i = order.size() - 1; i > 1; --i) std::swap(order[i], order[1 + random.below(i)]);
    position = 0;
}

void Player::play(std::string context, std::vector<Item> list, std::size_t first, std::int64_t at,
                  std::int64_t now) {
    remember(now);
    context_uri = std::move(context);
    items = std::move(list);
    queued_now.reset();
    make_order(std::min(first, items.empty() ? 0 : items.size() - 1));
    playing = !items.empty();
    start(at, now);
}

std::optional<PlayerError> Player::resume(std::int64_t now) {
    if (!current())
        return PlayerError{404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"};
    if (playing) return PlayerError{403, "Player command failed: Restriction violated", "UNKNOWN"};
    settle(now);
    playing = true;
    return std::nullopt;
}

std::optional<PlayerError> Player::pause(std::int64_t now) {
    if (!playing) return PlayerError{403, "Player command failed: Restriction violated", "UNKNOWN"};
    settle(now);
    playing = false;
    return std::nullopt;
}

void Player::next(std::int64_t now) {
    remember(now);
    if (!queue.empty()) {
        queued_now = queue.front();
        queue.erase(queue.begin());
    } else {
        queued_now.reset();
        if (position + 1 < order.size()) {
            ++position;
        } else {
            position = 0;
            if (repeat == Repeat::off) playing = false;
        }
    }
    start(0, now);
}

void Player::previous(std::int64_t now) {
    if (progress(now) > restarts_after) {
        start(0, now);
        return;
    }
    remember(now);
    if (queued_now)
        queued_now.reset();
    else if (position > 0)
        --position;
    start(0, now);
}

void Player::seek(std::int64_t to, std::int64_t now) {
    const auto item = current();
    if (item && to >= item->duration_ms)
        next(now);
    else
        start(std::max<std::int64_t>(0, to), now);
}

void Player::set_shuffle(bool on, std::int64_t now) {
    settle(now);
    if (shuffle == on) return;
    shuffle = on;
    if (order.empty()) return;
    make_order(order[position]);
}

void Player::set_repeat(Repeat mode) {
    repeat = mode;
    ++version;
}

void Player::enqueue(Item item) {
    queue.push_back(item);
    ++version;
}

void Player::transfer(const std::string& device, bool play, std::int64_t now) {
    settle(now);
    active = device;
    if (play && current()) playing = true;
}

void Player::remove_device(const std::string& device, std::int64_t now) {
    settle(now);
    std::erase_if(devices, [&](const auto& d) { return d.id == device; });
    if (active != device) return;
    active.reset();
    playing = false;
}

void Player::report(std::int64_t progress_ms, std::int64_t now) {
    base_ = progress_ms;
    since_ = now;
}

void Player::end_of_track(std::int64_t now) {
    if (repeat == Repeat::track && !queued_now) {
        remember(now);
        start(0, now);
        return;
    }
    next(now);
}

}  // namespace cadenza::emulator
