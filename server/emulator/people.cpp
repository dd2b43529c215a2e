// The accounts of a fresh emulator: libraries, devices, playlists.
#include "server/emulator/names.hpp"
#include "server/emulator/world.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace cadenza::emulator {
namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;
// Saved things get dates before this instant, so that a catalogue looks the same whenever it is made.
constexpr std::int64_t library_epoch = 1'790'000'000'000;  // September 2026
constexpr std::size_t allowed_users = 5;                   // an app in development mode has no more

struct Person {
    const char* id;
    const char* name;
};
// Whose playlists are followed; none of them has an account here.
constexpr std::array<Person, 4> others{{{"junipero", "Juniper Ostrander"},
                                        {"idris.v", "Idris Vantongeren"},
                                        {"tamsin_a", "Tamsin Aldercott"},
                                        {"emeka.ob", "Emeka Okonjo-Reed"}}};

std::vector<Index> shuffled(std::size_t count, Random& random) {
    std::vector<Index> out(count);
    std::iota(out.begin(), out.end(), Index{0});
    for (auto i = count; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
    return out;
}

// `count` of them at most, the newest first, so many hours apart.
std::vector<Saved> saved(std::size_t of, std::size_t count, int least_hours, int most_hours, Random& random) {
    std::vector<Saved> out;
    auto at = library_epoch;
    for (const auto index : shuffled(of, random)) {
        if (out.size() == count) break;
        at -= random.between(least_hours, most_hours) * hour;
        out.push_back({index, at});
    }
    return out;
}

void make_library(User& user, const World& world, Random& random) {
    const auto& catalogue = world.catalogue;
    user.tracks = saved(catalogue.tracks.size(), world.options.liked, 1, 14, random);
    user.albums = saved(catalogue.albums.size(), 120, 24, 9 * 24, random);
    user.shows = saved(catalogue.shows.size(), 3, 24, 90 * 24, random);
    user.episodes = saved(catalogue.episodes.size(), 12, 6, 10 * 24, random);
    user.audiobooks = saved(catalogue.audiobooks.size(), 3, 24, 60 * 24, random);
    user.artists = shuffled(catalogue.artists.size(), random);
    user.artists.resize(std::min<std::size_t>(34, user.artists.size()));
    for (std::size_t i = 0; i < 50; ++i) {
        const auto track = user.tracks.empty() ? i : user.tracks[random.below(user.tracks.size())].index;
        const auto& album = catalogue.albums[catalogue.tracks[track].album];
        user.player.history.push_back({track, library_epoch - static_cast<std::int64_t>(50 - i) * 6 * 60'000,
                                       "spotify:album:" + album.id});
    }
}

// Three of an account: one that obeys, one without volume, one that obeys nobody.
std::vector<PlayerDevice> make_devices(Random& random) {
    const auto device = [&](const char* name, const char* type) {
        PlayerDevice out;
        out.id = random.id() + random.id().substr(0, 18);
        out.name = name;
        out.type = type;
        return out;
    };
    auto speaker = device("Kitchen speaker", "Speaker");
    speaker.volume = 40;
    auto phone = device("Pocket phone", "Smartphone");
    phone.supports_volume = false;
    auto television = device("Hallway television", "TV");
    television.restricted = true;
    return {speaker, phone, television};
}

// The kinds that are awkward to read, all in one playlist.
EntryKind kind_of(std::size_t playlist, std::size_t entry) {
    if (playlist != 4) return EntryKind::track;
    switch (entry % 9) {
        case 4: return EntryKind::null;
        case 6: return EntryKind::local;
        case 8: return EntryKind::episode;
        default: return EntryKind::track;
    }
}

std::vector<Entry> make_entries(const Catalogue& catalogue, std::size_t number, Random& random) {
    const std::size_t count = number == 0   ? 2'000
                              : number == 1 ? 0
                              : number == 2 ? 1
                                            : static_cast<std::size_t>(random.between(20, 140));
    std::vector<Entry> out;
    auto at = library_epoch - random.between(1, 200) * day;
    for (const auto track : shuffled(catalogue.tracks.size(), random)) {
        if (out.size() == count) break;
        at += random.between(1, 60) * 60'000;
        Entry entry{.kind = kind_of(number, out.size()), .index = track, .added_at = at};
        if (entry.kind == EntryKind::episode) entry.index = track % catalogue.episodes.size();
        out.push_back(entry);
    }
    return out;
}

void make_playlists(World& world, std::size_t index, Random& random) {
    auto& user = world.users[index];
    std::set<std::string> names;
    for (std::size_t i = 0; i < world.options.playlists; ++i) {
        Playlist list;
        list.id = random.id();
        list.name = i == 0 ? "Everything, all at once"
                           : unused_name([&] { return playlist_name(random); },
                                         [&](const std::string& name) { return names.insert(name).second; });
        list.owner = index;
        list.owner_id = user.id;
        list.owner_name = user.name;
        list.is_public = random.chance(60);
        if (i > 0 && i % 7 == 3) {
            const auto& other = others[i / 7 % others.size()];
            list.ownership = Ownership::followed;
            list.owner_id = other.id;
            list.owner_name = other.name;
            list.is_public = true;
        } else if (i % 11 == 5) {
            list.ownership = Ownership::collaborative;
            list.is_public = false;  // Spotify has no public ones
        }
        if (random.chance(50)) list.description = "Put together for " + playlist_name(random);
        list.entries = make_entries(world.catalogue, i, random);
        user.playlists.push_back(list.id);
        world.playlists[list.id] = std::move(list);
    }
    // One of Spotify's own: known by its id, never readable.
    Playlist editorial{.id = "37i9dQZF1DX" + std::to_string(10000000000 + index), .name = "Editorial mix"};
    editorial.ownership = Ownership::editorial;
    editorial.owner_id = "spotify";
    editorial.owner_name = "Spotify";
    world.playlists[editorial.id] = std::move(editorial);
}

}  // namespace

void make_people(World& world) {
    constexpr std::array names{"Maren Halloway", "Tobin Vellacott", "Odile Sturrock", "Caspar Amsinck",
                               "Wren Lindgaard"};
    world.users.reserve(world.options.users);
    for (std::size_t i = 0; i < world.options.users; ++i) {
        Random random(world.options.seed * 31 + i);
        User user;
        user.id = "demo_" + std::to_string(i + 1);
        user.name = i < names.size() ? names[i] : "Listener " + std::to_string(i + 1);
        user.allowlisted = i < allowed_users;
        make_library(user, world, random);
        user.player.devices = make_devices(random);
        world.users.push_back(std::move(user));
        make_playlists(world, i, random);
    }
}

}  // namespace cadenza::emulator
