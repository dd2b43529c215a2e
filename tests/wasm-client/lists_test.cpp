#include "wasm-client/features/library/lists.hpp"

#include "tests/wasm-client/player_scene.hpp"
#include "wasm-client/features/library/needs.hpp"

namespace cadenza::client {

namespace {

void know_search(State& state, const std::string& words, std::vector<Track> found) {
    SearchResults results;
    results.tracks.emplace();
    results.tracks->items = std::move(found);
    auto& resource = state.resources.at(search_address(words));
    resource.shape = &shape_of<SearchResults>;
    resource.value = std::make_shared<SearchResults>(std::move(results));
}

}  // namespace

TEST_CASE("the songs of one search are not mixed with those of another that begins like it") {
    State state;
    know_search(state, "har", tracks(3, 10));
    know_search(state, "harbour", tracks(3, 20));
    const auto found = following(state, search_address("har"), track_uri(11), 100);
    CHECK(found.uris == std::vector{track_uri(11), track_uri(12)});
    CHECK(found.missing.empty());
}

TEST_CASE("a song that is twice in a list is played once") {
    State state;
    auto twice = tracks(3, 10);
    twice.push_back(track(11));
    know_search(state, "har", std::move(twice));
    CHECK(following(state, search_address("har"), track_uri(10), 100).uris.size() == 3);
}

TEST_CASE("liked songs follow one another as far as they are known without a gap") {
    Driver driver;
    for (const int nth : {0, 1, 3}) know_liked(driver, nth, 2'000);
    const auto& state = driver.state;
    const auto from = [&](int number, std::size_t most = 100) {
        return following(state, liked_list, track_uri(number), most);
    };
    CHECK(from(30).uris.size() == 70);
    CHECK(from(30).missing == liked_page(2));
    CHECK(from(0).uris.size() == 100);
    CHECK(from(30, 20).uris.back() == track_uri(49));
    CHECK(from(30, 20).missing.empty());
    CHECK(from(199).uris == std::vector{track_uri(199)});
    CHECK(from(199).missing == liked_page(4));
    CHECK(from(120).uris == std::vector{track_uri(120)});  // not known: itself at least
}

TEST_CASE("at the end of the liked songs nothing is missing") {
    Driver driver;
    for (const int nth : {0, 1}) know_liked(driver, nth, 60);
    const auto found = following(driver.state, liked_list, track_uri(40), 100);
    CHECK(found.uris.size() == 20);
    CHECK(found.missing.empty());
}

}  // namespace cadenza::client
