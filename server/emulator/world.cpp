#include "server/emulator/world.hpp"

#include "server/base/clock.hpp"
#include "server/emulator/names.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <numeric>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;
// Saved things get dates before this instant, so that a catalogue looks the same whenever it is made.
constexpr std::int64_t library_epoch = 1'790'000'000'000;  // September 2026

std::vector<Index> shuffled(std::size_t count, Random& random) {
    std::vector<Index> out(count);
    std::iota(out.begin(), out.end(), Index{0});
    for (auto i = count; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
    return out;
}

}  // namespace

World::World(asio::any_io_executor context, Options settings)
    : executor(std::move(context)),
      options(std::move(settings)),
      catalogue(make_catalogue(options.seed)),
      random_(options.seed ^ static_cast<std::uint64_t>(server::system_now())) {
    make_users();
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
    make_users();
    wake();
}

std::int64_t World::now() const { return server::system_now() + clock_offset; }

const AccessToken* World::find_token(std::string_view token) const {
    const auto found = tokens.find(std::string(token));
    return found == tokens.end() ? nullptr : &found->second;
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

void World::make_users() {
    constexpr std::string_view names[] = {"Maren Halloway", "Tobin Vellacott", "Odile Sturrock",
                                          "Caspar Amsinck", "Wren Lindgaard"};
    for (std::size_t i = 0; i < options.users; ++i) {
        Random random(options.seed * 31 + i);
        User user;
        user.id = "demo_" + std::to_string(i + 1);
        user.name = i < std::size(names) ? std::string(names[i]) : "Listener " + std::to_string(i + 1);
        user.allowlisted = i < 5;  // an app serves five people
        make_library(user, random);
        user.player.devices = {
            {.id = random.id() + random.id(), .name = "Kitchen speaker", .type = "Speaker", .volume = 40},
            {.id = random.id() + random.id(),
             .name = "Pocket phone",
             .type = "Smartphone",
             .supports_volume = false}};
        users.push_back(std::move(user));
        make_playlists(i, random);
    }
}

void World::make_library(User& user, Random& random) {
    auto at = library_epoch;
    const auto tracks = shuffled(catalogue.tracks.size(), random);
    for (std::size_t i = 0; i < std::min(options.liked, tracks.size()); ++i) {
        at -= random.between(1, 14) * hour;
        user.tracks.push_back({tracks[i], at});
    }
    at = library_epoch;
    const auto albums = shuffled(catalogue.albums.size(), random);
    for (std::size_t i = 0; i < 120; ++i) {
        at -= random.between(1, 9) * day;
        user.albums.push_back({albums[i], at});
    }
    user.artists = shuffled(catalogue.artists.size(), random);
    user.artists.resize(34);
    for (std::size_t i = 0; i < 50; ++i)
        user.player.history.push_back(
            {user.tracks.empty() ? i : user.tracks[random.below(user.tracks.size())].index,
             library_epoch - static_cast<std::int64_t>(50 - i) * 6 * 60'000});
}

void World::make_playlists(std::size_t index, Random& random) {
    for (std::size_t i = 0; i < options.playlists; ++i) {
        Playlist list;
        list.id = random.id();
        list.name = i == 0 ? "Everything, all at once" : playlist_name(random);
        list.owner = index;
        list.owner_name = users[index].name;
        if (i > 0 && i % 7 == 3) {
            list.ownership = Ownership::followed;
            list.owner_name = "Odile Sturrock";
        } else if (i % 11 == 5) {
            list.ownership = Ownership::collaborative;
        }
        if (random.chance(50)) list.description = "Put together for " + std::string(playlist_name(random));
        list.is_public = random.chance(60);
        const std::size_t count = i == 0   ? 2'000
                                  : i == 1 ? 0
                                  : i == 2 ? 1
                                           : static_cast<std::size_t>(random.between(8, 140));
        auto at = library_epoch - random.between(1, 200) * day;
        for (std::size_t k = 0; k < count; ++k) {
            at += random.between(1, 60) * 60'000;
            Entry entry{.track = random.below(catalogue.tracks.size()), .added_at = at};
            if (i == 4 && k % 9 == 4) entry.kind = EntryKind::null;
            if (i == 4 && k % 9 == 6) entry.kind = EntryKind::local;
            if (i == 4 && k % 9 == 8) entry.kind = EntryKind::episode;
            list.entries.push_back(entry);
        }
        users[index].playlists.push_back(list.id);
        playlists[list.id] = std::move(list);
    }
    // One of Spotify's own: known by its id, never readable.
    Playlist editorial{.id = "37i9dQZF1DX" + std::to_string(10000000000 + index), .name = "Editorial mix"};
    editorial.ownership = Ownership::editorial;
    playlists[editorial.id] = std::move(editorial);
}

}  // namespace cadenza::emulator
