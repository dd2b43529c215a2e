#include "server/emulator/catalogue.hpp"

#include "server/emulator/names.hpp"

#include <set>

namespace cadenza::emulator {
namespace {

constexpr std::size_t artist_count = 60;
constexpr std::size_t album_count = 300;

std::string random_date(Random& random) {
    const int year = random.between(1974, 2026);
    if (random.chance(15)) return std::to_string(year);
    const auto padded = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const auto month = std::to_string(year) + "-" + padded(random.between(1, year == 2026 ? 10 : 12));
    return random.chance(10) ? month : month + "-" + padded(random.between(1, 28));
}

template <class List>
ById by_id(const List& list) {
    ById out;
    for (Index i = 0; i < list.size(); ++i) out[list[i].id] = i;
    return out;
}

class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed) {}

    Catalogue build() {
        for (std::size_t i = 0; i < artist_count; ++i) add_artist();
        for (std::size_t i = 0; i < album_count; ++i) add_album(i);
        add_spoken(out_, random_);
        out_.artist_by_id = by_id(out_.artists);
        out_.album_by_id = by_id(out_.albums);
        out_.track_by_id = by_id(out_.tracks);
        out_.show_by_id = by_id(out_.shows);
        out_.episode_by_id = by_id(out_.episodes);
        out_.audiobook_by_id = by_id(out_.audiobooks);
        out_.chapter_by_id = by_id(out_.chapters);
        return std::move(out_);
    }

private:
    // A name of this kind that no artist and no album has yet.
    template <class Make>
    std::string unused(Make&& make) {
        return unused_name(make, [&](const std::string& name) { return used_.insert(name).second; });
    }
    // Nobody calls two songs the same, and no album has two of one name.
    std::string track_title(Index artist, std::set<std::string>& on_album) {
        return unused_name([&] { return title(random_, scripts_[artist]); },
                           [&](const std::string& name) {
                               if (on_album.count(name) > 0 || !titles_[artist].insert(name).second)
                                   return false;
                               on_album.insert(name);
                               return true;
                           });
    }

    void add_artist() {
        const auto script = random_script(random_);
        scripts_.push_back(script);
        Artist artist{.id = random_.id(), .name = unused([&] { return artist_name(random_, script); })};
        for (int i = random_.between(0, 2); i >= 0; --i) artist.genres.push_back(genre(random_));
        out_.artists.push_back(std::move(artist));
        titles_.emplace_back();
    }

    void add_album(std::size_t number) {
        // Everybody has one; after that a few artists are more productive than others.
        const Index owner = number < artist_count
                                ? number
                                : std::min(random_.below(artist_count), random_.below(artist_count));
        const bool compilation = random_.chance(4);
        const bool single = !compilation && random_.chance(25);
        Album album{.id = random_.id(),
                    .name = unused([&] { return title(random_, scripts_[owner]); }),
                    .type = compilation ? "compilation"
                            : single    ? "single"
                                        : "album",
                    .artists = {owner},
                    .release_date = random_date(random_)};
        const Index index = out_.albums.size();
        const int tracks = single ? random_.between(1, 3) : random_.between(9, 17);
        std::set<std::string> names;
        for (int i = 1; i <= tracks; ++i) {
            const auto artist = compilation ? random_.below(artist_count) : owner;
            album.tracks.push_back(out_.tracks.size());
            add_track({.name = track_title(artist, names), .artists = {artist}, .album = index, .number = i});
            note_appearances(out_.tracks.back(), owner);
        }
        out_.artists[owner].albums.push_back(index);
        out_.albums.push_back(std::move(album));
    }

    void add_track(Track track) {
        track.id = random_.id();
        track.duration_ms = random_.between(118'000, 372'000);
        track.is_explicit = random_.chance(6);
        track.playable = !random_.chance(1);
        if (random_.chance(9)) {
            const auto guest = random_.below(artist_count);
            if (guest != track.artists.front()) {
                track.artists.push_back(guest);
                track.name += " (feat. " + out_.artists[guest].name + ")";
            }
        }
        out_.tracks.push_back(std::move(track));
    }

    void note_appearances(const Track& track, Index owner) {
        for (const auto artist : track.artists) {
            auto& list = out_.artists[artist].appears_on;
            if (artist != owner && (list.empty() || list.back() != track.album)) list.push_back(track.album);
        }
    }

    Random random_;
    Catalogue out_;
    std::vector<Script> scripts_;
    std::set<std::string> used_;
    std::vector<std::set<std::string>> titles_;  // by artist
};

}  // namespace

Catalogue make_catalogue(std::uint64_t seed) { return Builder(seed).build(); }

}  // namespace cadenza::emulator
