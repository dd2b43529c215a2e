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

class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed) {}

    Catalogue build() {
        for (std::size_t i = 0; i < artist_count; ++i) add_artist();
        for (std::size_t i = 0; i < album_count; ++i) add_album(i);
        for (Index i = 0; i < out_.artists.size(); ++i) out_.artist_by_id[out_.artists[i].id] = i;
        for (Index i = 0; i < out_.albums.size(); ++i) out_.album_by_id[out_.albums[i].id] = i;
        for (Index i = 0; i < out_.tracks.size(); ++i) out_.track_by_id[out_.tracks[i].id] = i;
        return std::move(out_);
    }

private:
    // A name of this kind that was not used yet.
    template <class Make>
    std::string unused(Make&& make) {
        for (int i = 0; i < 30; ++i) {
            auto name = make();
            if (used_.insert(name).second) return name;
        }
        return make() + " " + std::to_string(random_.between(2, 99));
    }

    void add_artist() {
        const auto script = random_script(random_);
        scripts_.push_back(script);
        Artist artist{.id = random_.id(), .name = unused([&] { return artist_name(random_, script); })};
        for (int i = random_.between(0, 2); i >= 0; --i) artist.genres.push_back(genre(random_));
        out_.artists.push_back(std::move(artist));
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
        for (int i = 1; i <= tracks; ++i) {
            album.tracks.push_back(out_.tracks.size());
            add_track(index, compilation ? random_.below(artist_count) : owner, i);
        }
        out_.artists[owner].albums.push_back(index);
        out_.albums.push_back(std::move(album));
    }

    void add_track(Index album, Index artist, int number) {
        Track track{.id = random_.id(),
                    .name = title(random_, scripts_[artist]),
                    .artists = {artist},
                    .album = album,
                    .number = number,
                    .duration_ms = random_.between(118'000, 372'000),
                    .is_explicit = random_.chance(6),
                    .playable = !random_.chance(1)};
        if (random_.chance(9)) {
            const auto guest = random_.below(artist_count);
            if (guest != artist) {
                track.artists.push_back(guest);
                track.name += " (feat. " + out_.artists[guest].name + ")";
            }
        }
        out_.tracks.push_back(std::move(track));
    }

    Random random_;
    Catalogue out_;
    std::vector<Script> scripts_;
    std::set<std::string> used_;
};

}  // namespace

Catalogue make_catalogue(std::uint64_t seed) { return Builder(seed).build(); }

}  // namespace cadenza::emulator
