#include "shared/api/pages.hpp"
#include "shared/api/problem.hpp"
#include "shared/model/playback.hpp"
#include "shared/model/search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tracks.hpp"

namespace cadenza {
namespace {

TEST_CASE("an id is 22 base-62 characters of its kind") {
    CHECK(TrackId::parse("4iV5W9uYEdYUVa79Axb7Rh")->uri() == "spotify:track:4iV5W9uYEdYUVa79Axb7Rh");
    CHECK(AlbumId::parse("4iV5W9uYEdYUVa79Axb7Rh")->link() ==
          "https://open.spotify.com/album/4iV5W9uYEdYUVa79Axb7Rh");
    CHECK(TrackId::parse("").has_error());
    CHECK(TrackId::parse("4iV5W9uYEdYUVa79Axb7R/").has_error());
    CHECK(PlaylistId::parse("4iV5W9uYEdYUVa79Axb7Rhh").error().detail == "playlist id expected");
}

TEST_CASE("a URI names a kind and an id") {
    const auto uri = Uri::parse("spotify:album:4iV5W9uYEdYUVa79Axb7Rh");
    REQUIRE(uri.has_value());
    CHECK(uri->kind() == "album");
    CHECK(uri->id() == "4iV5W9uYEdYUVa79Axb7Rh");
    CHECK(Uri::parse("spotify:user:jörg").has_error());
    CHECK(Uri::parse("spotify:user:joe.1:collection")->id() == "joe.1:collection");
    for (const auto* broken : {"", "spotify:", "spotify:track", "spotify:track:x", "spotify:local:a:b:c:1",
                               "track:4iV5W9uYEdYUVa79Axb7Rh", "spotify:track:4iV5W9uYEdYUVa79Axb7R,",
                               "spotify:user:a,b", "spotify:genre:4iV5W9uYEdYUVa79Axb7Rh"}) {
        CAPTURE(broken);
        CHECK(Uri::parse(broken).has_error());
    }
}

TEST_CASE("only https, or http on this machine, is a URL to show") {
    CHECK(Url::parse("https://i.scdn.co/image/ab67")->origin() == "https://i.scdn.co");
    CHECK(Url::parse("http://127.0.0.1:8001/covers/1.png?x=1")->origin() == "http://127.0.0.1:8001");
    CHECK(Url::parse("http://[::1]:8001/x").has_value());
    CHECK(Url::parse("http://localhost/x").has_value());
    for (const auto* broken :
         {"", "javascript:alert(1)", "data:text/html,x", "http://example.org/", "//i.scdn.co/x", "https://",
          "https://user@host/", "https://host/a b", "https://host/\"onload=", "http://127.0.0.1.evil.org/",
          "http://127.0.0.1@evil.org/", "https://host/\x01"}) {
        CAPTURE(broken);
        CHECK(Url::parse(broken).has_error());
    }
}

TEST_CASE("the best image is the smallest that is wide enough") {
    const auto image = [](const char* url, std::optional<Count> width) {
        return Image{*Url::parse(url), width};
    };
    const std::vector<Image> images{image("https://a/640", 640), image("https://a/64", 64),
                                    image("https://a/300", 300)};
    CHECK(best_image(images, 40)->url.str() == "https://a/64");
    CHECK(best_image(images, 65)->url.str() == "https://a/300");
    CHECK(best_image(images, 301)->url.str() == "https://a/640");
    CHECK(best_image(images, 2000)->url.str() == "https://a/640");
    CHECK(best_image({image("https://a/?", {})}, 64)->url.str() == "https://a/?");
    CHECK(best_image({}, 64) == nullptr);
}

TEST_CASE("progress runs while playing and stays within the track") {
    Playback playback;
    playback.item.emplace();
    playback.item->duration_ms = 10'000;
    playback.progress_ms = 4'000;
    playback.timestamp = 1'000'000;
    CHECK(progress_at(playback, 1'003'000) == 4'000);
    playback.is_playing = true;
    CHECK(progress_at(playback, 1'003'000) == 7'000);
    CHECK(progress_at(playback, 1'900'000) == 10'000);
    CHECK(progress_at(playback, 900'000) == 4'000);
    CHECK(progress_at(Playback{}, 900'000) == 0);
}

TEST_CASE("a problem's code survives the wire, an unknown one is internal") {
    Problem problem;
    problem.type = "/problems/no_active_device";
    CHECK(code_of(problem) == ProblemCode::no_active_device);
    problem.type = "about:blank";
    CHECK(code_of(problem) == ProblemCode::internal);
    CHECK(status_of(ProblemCode::account_changed) == 409);
    CHECK(title_of(ProblemCode::internal) == "Something went wrong on this server.");
}

TEST_CASE("only the client's own addresses are pages") {
    CHECK(is_page("/"));
    CHECK(is_page("/library/tracks"));
    CHECK(is_page("/playlist/37i9dQZF1DXcBWIGoYBM5M"));
    for (const auto* path :
         {"", "/library", "/playlist/", "/playlist/x", "/playlist/37i9dQZF1DXcBWIGoYBM5M/x", "/callback",
          "/api/session", "/auth/callback", "/settings/"}) {
        CAPTURE(path);
        CHECK_FALSE(is_page(path));
    }
}

}  // namespace
}  // namespace cadenza
