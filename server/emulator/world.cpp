#include "server/emulator/world.hpp"

#include "server/base/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cadenza::emulator {
namespace {

using namespace std::chrono_literals;
constexpr auto forgotten_after = 4s;  // without a poll, of which there is one a second

}  // namespace

World::World(asio::any_io_executor context, Options settings)
    : executor(std::move(context)),
      options(std::move(settings)),
      catalogue(make_catalogue(options.seed)),
      random_(options.seed ^ static_cast<std::uint64_t>(server::system_now())) {
    make_people(*this);
}

void World::reset() {
    playlists.clear();
    users.clear();
    codes.clear();
    tokens.clear();
    refresh_tokens.clear();
    faults.clear();
    requests.clear();
    recent_calls.clear();
    clock_offset = 0;
    make_people(*this);
    wake();
}

std::int64_t World::now() const { return server::system_now() + clock_offset; }

const AccessToken* World::find_token(std::string_view token) const {
    const auto found = tokens.find(std::string(token));
    return found == tokens.end() ? nullptr : &found->second;
}

const AccessToken* World::valid_token(std::string_view token) const {
    const auto* found = find_token(token);
    return found && found->expires_at > now() ? found : nullptr;
}

void World::revoke() {
    codes.clear();
    tokens.clear();
    refresh_tokens.clear();
    wake();
}

void World::advance_clock(std::int64_t ms) {
    for (auto& user : users) user.player.advance(now());
    clock_offset += ms;
    for (auto& user : users) {
        user.player.shift(ms);
        if (user.stale) user.stale->shift(ms);
        user.changed_at += ms;
    }
    wake();
}

User& World::user_of(const Grant& grant) { return grant.user ? users[*grant.user] : nobody; }

void World::forget_silent_devices() {
    const auto moment = std::chrono::steady_clock::now();
    for (auto& user : users) {
        const auto devices = user.player.devices;
        for (const auto& device : devices) {
            if (!device.sdk || moment - device.seen_at <= forgotten_after) continue;
            touch(user);
            user.player.remove_device(device.id, now());
            wake();
        }
    }
}

Playlist* World::find_playlist(const std::string& id) {
    const auto found = playlists.find(id);
    return found == playlists.end() ? nullptr : &found->second;
}

void World::touch(User& user) {
    const auto moment = now();
    user.player.advance(moment);
    if (!user.stale || moment - user.changed_at >= options.lag_ms) user.stale = user.player;
    user.changed_at = moment;
}

const Player& World::visible(User& user) {
    const auto moment = now();
    user.player.advance(moment);
    if (user.stale && moment - user.changed_at < options.lag_ms) return *user.stale;
    user.stale.reset();
    return user.player;
}

void World::wake() {
    for (auto* waiter : waiters_) waiter->cancel();
}

asio::awaitable<void> World::changed(std::chrono::steady_clock::time_point deadline) {
    asio::steady_timer timer(executor, deadline);
    waiters_.insert(&timer);
    (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    waiters_.erase(&timer);
}

}  // namespace cadenza::emulator
