// Random values and random text: what was written reads back, and no text makes the decoder misbehave.
#include "shared/api/edit.hpp"
#include "shared/api/player_command.hpp"
#include "shared/base/json.hpp"
#include "shared/model/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"
#include "tests/support/tracks.hpp"

namespace cadenza {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

template <class Kind>
Kind random_id(Random& random) {
    return *Kind::parse(random.from(base62, 22));
}

// Valid UTF-8 of every length class, control characters and quotes included.
std::string random_text(Random& random) {
    static const std::vector<std::string> pieces{
        "a", "Z", " ",  "\"", "\\",     "\n", "\t", std::string(1, '\0'), "\x1f", "<", "é",
        "ß", "ж", "語", "🎵", "\u2028", "/",  "'"};
    std::string out;
    for (auto i = random.below(12); i > 0; --i) out += pieces[random.below(pieces.size())];
    return out;
}

std::vector<ArtistRef> random_artists(Random& random) {
    std::vector<ArtistRef> out;
    for (auto i = random.below(4); i > 0; --i)
        out.push_back({random_id<ArtistId>(random), random_text(random)});
    return out;
}

std::vector<Image> random_images(Random& random) {
    std::vector<Image> out;
    for (auto i = random.below(3); i > 0; --i) {
        Image image{*Url::parse("https://i.scdn.co/image/" + random.from(base62, 8)), {}};
        if (random.chance(70)) image.width = static_cast<std::int32_t>(random.below(4000));
        out.push_back(std::move(image));
    }
    return out;
}

Track random_track(Random& random) {
    Track out;
    out.id = random_id<TrackId>(random);
    out.name = random_text(random);
    out.artists = random_artists(random);
    if (random.chance(50))
        out.album = AlbumRef{random_id<AlbumId>(random), random_text(random), random_images(random)};
    out.duration_ms = static_cast<std::int64_t>(random.below(10'000'000));
    out.explicit_ = random.chance(50);
    out.playable = random.chance(50);
    return out;
}

Playlist random_playlist(Random& random) {
    Playlist out;
    out.id = random_id<PlaylistId>(random);
    out.name = random_text(random);
    out.description = random_text(random);
    out.owner = random_text(random);
    out.images = random_images(random);
    out.total = static_cast<std::int32_t>(random.below(10'000));
    out.readable = random.chance(50);
    out.snapshot_id = random_text(random);
    return out;
}

SearchResults random_results(Random& random) {
    SearchResults out;
    if (random.chance(70)) {
        out.tracks.emplace();
        for (auto i = random.below(5); i > 0; --i) out.tracks->items.push_back(random_track(random));
        out.tracks->total = static_cast<std::int32_t>(random.below(1000));
    }
    if (random.chance(70)) {
        out.playlists.emplace();
        for (auto i = random.below(5); i > 0; --i) out.playlists->items.push_back(random_playlist(random));
    }
    return out;
}

Playback random_playback(Random& random) {
    Playback out;
    if (random.chance(70)) {
        out.device.emplace();
        out.device->name = random_text(random);
        if (random.chance(50)) out.device->id = random.from(base62, 40);
        if (random.chance(50)) out.device->volume_percent = static_cast<std::int32_t>(random.below(101));
    }
    if (random.chance(70)) {
        out.item.emplace();
        out.item->uri = *Uri::parse(random_id<TrackId>(random).uri());
        out.item->name = random_text(random);
        out.item->artists = random_artists(random);
    }
    out.is_playing = random.chance(50);
    out.progress_ms = static_cast<std::int64_t>(random.below(1'000'000));
    out.timestamp = 1'700'000'000'000 + static_cast<std::int64_t>(random.below(1'000'000'000));
    out.repeat = static_cast<RepeatMode>(random.below(3));
    for (auto i = random.below(3); i > 0; --i) out.disallows.push_back("next");
    return out;
}

template <class T>
void check_round_trip(const T& value) {
    const auto text = encode(value);
    CAPTURE(text);
    const auto back = decode<T>(text, UnknownFields::refuse);
    REQUIRE(back);
    CHECK(*back == value);
    CHECK(encode(*back) == text);
}

TEST_CASE("whatever is written reads back the same") {
    Random random(20261124);
    for (int i = 0; i < 300; ++i) {
        check_round_trip(random_track(random));
        check_round_trip(random_results(random));
        check_round_trip(random_playback(random));
        check_round_trip(Edit{*EditId::parse("edit-" + random.from(base62, 12)),
                              change::Like{*Uri::parse(random_id<AlbumId>(random).uri())}});
        check_round_trip(PlayerCommand(command::Volume{static_cast<std::int32_t>(random.below(101)), {}}));
    }
}

// Valid text with bytes changed, cut out, doubled and cut off.
std::string mutated(Random& random, std::string text) {
    for (auto i = 1 + random.below(3); i > 0 && !text.empty(); --i) {
        const auto at = random.below(text.size());
        switch (random.below(5)) {
            case 0: text[at] = static_cast<char>(random.below(256)); break;
            case 1: text.erase(at, 1 + random.below(8)); break;
            case 2: text.insert(at, text.substr(random.below(text.size()), random.below(20))); break;
            case 3: text.resize(at); break;
            default:
                text.insert(at, random.from("{}[]\",:0123456789nulltrefas-+eE.\\u", 1 + random.below(6)));
                break;
        }
    }
    return text;
}

TEST_CASE("no text crashes the decoder, and what it accepts is stable") {
    Random random(7);
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto text = mutated(random, encode(random_results(random)));
        const auto results = decode<SearchResults>(text);
        if (results) {
            ++accepted;
            const auto again = decode<SearchResults>(encode(*results), UnknownFields::refuse);
            CHECK(again);
            CHECK(*again == *results);
        } else {
            ++refused;
            CHECK_FALSE(results.error().detail.empty());
        }
        (void)decode<PlayerCommand>(text);
        (void)decode<json::Lenient<Track>>(text);
    }
    CHECK(accepted > 100);
    CHECK(refused > 100);
}

TEST_CASE("random bytes and huge strings end in an error or a value") {
    Random random(99);
    for (int i = 0; i < 1000; ++i) CHECK(decode<Track>(random.bytes(random.below(200))).has_error());

    Track large = track(1);
    large.name = std::string(4 * 1024 * 1024, 'x');
    const auto back = decode<Track>(encode(large));
    REQUIRE(back);
    CHECK(back->name.size() == large.name.size());
}

}  // namespace
}  // namespace cadenza
