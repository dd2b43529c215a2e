#include "server/emulator/catalogue.hpp"

#include "server/emulator/names.hpp"
#include "server/emulator/sound.hpp"
#include "server/emulator/world.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <set>

namespace cadenza::emulator {

TEST_CASE("the catalogue is what its seed says") {
    const auto one = make_catalogue(1);
    const auto again = make_catalogue(1);
    const auto other = make_catalogue(2);
    CHECK(one.artists.size() >= 50);
    CHECK(one.albums.size() >= 250);
    CHECK(one.tracks.size() >= 2'500);
    REQUIRE(again.tracks.size() == one.tracks.size());
    bool same = true;
    std::set<std::string> ids;
    bool wide = false;
    for (std::size_t i = 0; i < one.tracks.size(); ++i) {
        same = same && one.tracks[i].name == again.tracks[i].name && one.tracks[i].id == again.tracks[i].id;
        ids.insert(one.tracks[i].id);
        for (const char c : one.tracks[i].name) wide = wide || static_cast<unsigned char>(c) >= 0xE0;
    }
    CHECK(same);
    CHECK(wide);  // scripts beyond Latin, Greek and Cyrillic
    CHECK(ids.size() == one.tracks.size());
    CHECK(other.tracks[0].id != one.tracks[0].id);
}

TEST_CASE("different tracks sound different, and any range is exact") {
    const auto whole = wav_bytes("a", 2'000, 0, wav_size(2'000) - 1);
    CHECK(whole.size() == wav_size(2'000));
    CHECK(whole.substr(0, 4) == "RIFF");
    CHECK(wav_bytes("a", 2'000, 1'001, 5'002) == whole.substr(1'001, 4'002));
    CHECK(wav_bytes("b", 2'000, 0, 9'999) != whole.substr(0, 10'000));
    double sum = 0;
    for (std::size_t i = 44; i + 1 < whole.size(); i += 2) {
        const auto sample = static_cast<std::int16_t>(static_cast<unsigned char>(whole[i]) |
                                                      (static_cast<unsigned char>(whole[i + 1]) << 8));
        sum += static_cast<double>(sample) * sample;
    }
    CHECK(sum / (static_cast<double>(whole.size()) / 2) > 10'000);
    CHECK(Song::frequency(69) == Approx(440.0));
}

TEST_CASE("no album repeats a title, no artist either, and every title has two words") {
    const auto seed = GENERATE(1u, 2u, 3u, 77u);
    const auto catalogue = make_catalogue(seed);

    std::set<std::string> albums;
    for (const auto& album : catalogue.albums) {
        CHECK(albums.insert(album.name).second);
        std::set<std::string> names;
        for (const auto track : album.tracks) CHECK(names.insert(catalogue.tracks[track].name).second);
    }
    std::set<std::pair<Index, std::string>> titles;
    for (const auto& track : catalogue.tracks) {
        CHECK(titles.emplace(track.artists.front(), track.name).second);
        const bool latin = static_cast<unsigned char>(track.name[0]) < 0xC0;
        CHECK((!latin || track.name.find(' ') != std::string::npos));
    }
}

TEST_CASE("nouns get their plural") {
    CHECK(plural("Ferry") == "Ferries");
    CHECK(plural("Tramway") == "Tramways");
    CHECK(plural("Atlas") == "Atlases");
    CHECK(plural("Lantern") == "Lanterns");
    CHECK(plural("Finch") == "Finches");
}

TEST_CASE("nobody has two playlists of one name") {
    const auto seed = GENERATE(1u, 5u, 9u);
    asio::io_context context(1);
    World world(context.get_executor(), {.seed = seed, .users = 3, .playlists = 120});

    for (const auto& user : world.users) {
        std::set<std::string> names;
        for (const auto& id : user.playlists) CHECK(names.insert(world.find_playlist(id)->name).second);
        CHECK(names.size() == 120);
    }
}

TEST_CASE("guests appear on the albums of others") {
    const auto catalogue = make_catalogue(1);
    std::size_t appearances = 0;
    for (const auto& artist : catalogue.artists)
        for (const auto album : artist.appears_on) {
            ++appearances;
            CHECK(catalogue.artists[catalogue.albums[album].artists.front()].id != artist.id);
        }
    CHECK(appearances > 50);
}

}  // namespace cadenza::emulator
