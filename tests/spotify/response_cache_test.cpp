#include "server/spotify/response_cache.hpp"

#include "server/spotify/snapshots.hpp"
#include "tests/support/catch.hpp"

namespace cadenza::server {
namespace {

const std::string id = "37i9dQZF1DXcBWIGoYBM5M";

ResponseCache::Key key(const std::string& account, Kept kept, const std::string& target) {
    return {account, kept, target};
}

SharedBody body_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

TEST_CASE("answers are kept for their time and no longer than the terms allow") {
    ResponseCache cache(100'000);
    const auto tracks = key("anna", Kept::library, "/me/tracks");
    cache.put(tracks, body_of("{}"), 1'000, 0);
    CHECK(*cache.find(tracks, 999) == "{}");
    CHECK_FALSE(cache.find(key("bert", Kept::library, "/me/tracks"), 999));
    CHECK_FALSE(cache.find(tracks, 1'000));
    CHECK(cache.size() == 0);
    CHECK(cache.bytes() == 0);
    cache.put(tracks, body_of("{}"), 1'000 * longest_kept_ms, 0);
    CHECK(cache.find(tracks, longest_kept_ms - 1));
    CHECK_FALSE(cache.find(tracks, longest_kept_ms));
    for (const auto kept : {Kept::never, Kept::catalogue, Kept::library, Kept::playlist, Kept::playlist_items,
                            Kept::search, Kept::recent, Kept::top})
        CHECK(kept_ms(kept) <= longest_kept_ms);
    CHECK(kept_ms(Kept::never) == 0);
}

TEST_CASE("what is over goes, though nobody asks for it") {
    ResponseCache cache(100'000);
    for (const auto* target : {"/a", "/b", "/c"})
        cache.put(key("anna", Kept::library, target), body_of("{}"), 70'000, 60'000);
    cache.put(key("bert", Kept::library, "/a"), body_of("{}"), 119'000, 100'000);
    CHECK(cache.size() == 4);
    cache.put(key("bert", Kept::library, "/b"), body_of("{}"), 180'000, 120'000);
    CHECK(cache.size() == 1);
    CHECK_FALSE(cache.find(key("carl", Kept::library, "/a"), 240'000));
    CHECK(cache.size() == 0);
}

TEST_CASE("only whole documents are kept") {
    ResponseCache cache(100'000);
    const auto place = key("", Kept::catalogue, "/tracks/x");
    for (const auto* body : {"", " ", "<html>", "{\"items\": [", "null", "{]", "Bad gateway"}) {
        cache.put(place, body_of("[]"), 1'000, 0);
        cache.put(place, body_of(body), 1'000, 0);
        CHECK_FALSE(cache.find(place, 0));
    }
    for (const auto* body : {"{}", "[true]", " {\"a\":1}\n"}) {
        cache.put(place, body_of(body), 1'000, 0);
        CHECK(*cache.find(place, 0) == body);
    }
}

TEST_CASE("what is used least leaves when room is short") {
    ResponseCache cache(3 * 1'400);
    const auto body = body_of("[" + std::string(1'000, ' ') + "]");
    const auto place = [](int i) { return key("anna", Kept::top, std::to_string(i)); };
    for (int i = 0; i < 3; ++i) cache.put(place(i), body, 1'000, 0);
    CHECK(cache.size() == 3);
    CHECK(cache.find(place(0), 0));
    cache.put(place(3), body, 1'000, 0);
    CHECK(cache.find(place(0), 0));
    CHECK_FALSE(cache.find(place(1), 0));
    CHECK(cache.bytes() <= 3 * 1'400);
    cache.put(place(4), body_of("[" + std::string(10'000, ' ') + "]"), 1'000,
              0);  // more than there is room for
    CHECK(cache.bytes() <= 3 * 1'400);
    CHECK_FALSE(cache.find(place(4), 0));
}

TEST_CASE("a kind or an account is forgotten, and nobody else") {
    ResponseCache cache(100'000);
    const std::vector<ResponseCache::Key> keys{
        key("", Kept::catalogue, "/tracks/x"),     key("anna", Kept::library, "/me/tracks"),
        key("anna", Kept::library, "/me/albums"),  key("anna", Kept::top, "/me/top/tracks"),
        key("anna2", Kept::library, "/me/tracks"), key("bert", Kept::library, "/me/tracks")};
    for (const auto& one : keys) cache.put(one, body_of("{}"), 1'000, 0);
    const auto left = [&] {
        std::string out;
        for (const auto& one : keys) out += cache.find(one, 0) ? '1' : '0';
        return out;
    };
    cache.forget("anna", Kept::library);
    CHECK(left() == "100111");
    cache.forget("anna");
    CHECK(left() == "100011");
    CHECK(cache.size() == 3);
}

TEST_CASE("a playlist's snapshot is known from itself and from lists, for minutes") {
    Snapshots snapshots;
    const auto& playlist = *find_upstream(Method::get, "/playlists/" + id);
    const auto& list = *find_upstream(Method::get, "/me/playlists");
    const auto& tracks = *find_upstream(Method::get, "/me/tracks");
    const auto items = "/playlists/" + id + "/items?limit=50";
    const auto body = body_of(R"({"id":")" + id + R"(","snapshot_id":"one","name":"x"})");
    snapshots.learn(tracks, "anna", body, 0);
    CHECK_FALSE(snapshots.find("anna", items, 0));
    snapshots.learn(playlist, "anna", body, 0);
    CHECK(snapshots.find("anna", items, 0) == "one");
    CHECK(snapshots.find("anna", "/playlists/" + id, 0) == "one");
    CHECK_FALSE(snapshots.find("bert", items, 0));
    CHECK_FALSE(snapshots.find("anna", "/me/tracks", 0));
    CHECK_FALSE(snapshots.find("anna", items, Snapshots::believed_ms));
    snapshots.learn(list, "anna",
                    body_of(R"({"items":[null,{"id":"y"},{"id":")" + id + R"(","snapshot_id":"two"}]})"),
                    1'000);
    CHECK(snapshots.find("anna", items, 1'000) == "two");
    snapshots.learn(playlist, "anna", body_of("<html>"), 2'000);
    CHECK(snapshots.find("anna", items, 2'000) == "two");
    snapshots.learn(list, "anna", body, 3'000);
    snapshots.forget("anna");
    CHECK(snapshots.size() == 0);
}

TEST_CASE("lists nobody asks about are kept unread for a while, and only so many") {
    Snapshots snapshots;
    const auto& list = *find_upstream(Method::get, "/me/playlists");
    const auto told = [](const std::string& name, const std::string& snapshot) {
        return body_of(R"({"items":[{"id":")" + name + R"(","snapshot_id":")" + snapshot + R"("}]})");
    };
    snapshots.learn(list, "anna", told("p", "one"), 0);
    snapshots.learn(list, "anna", told("p", "two"), 10);
    CHECK(snapshots.size() == 2);
    CHECK(snapshots.find("anna", "/playlists/p", 20) == "two");
    CHECK(snapshots.size() == 1);
    for (int i = 0; i < 100; ++i) snapshots.learn(list, "bert", told(std::to_string(i), "s"), 20);
    CHECK(snapshots.size() == 65);
    CHECK_FALSE(snapshots.find("bert", "/playlists/35", 20));
    CHECK(snapshots.find("bert", "/playlists/36", 20) == "s");
    // What is believed gives way with a list that was not read: it may have been newer.
    for (int i = 0; i < 65; ++i) snapshots.learn(list, "bert", told("x" + std::to_string(i), "s"), 30);
    CHECK_FALSE(snapshots.find("bert", "/playlists/99", 30));
    CHECK(snapshots.find("bert", "/playlists/x64", 30) == "s");
    // A long one is read at once, and does not undo what is newer.
    snapshots.learn(list, "dora", told("p", "new"), 40);
    CHECK(snapshots.find("dora", "/playlists/p", 40) == "new");
    auto long_one = *told("p", "old");
    long_one.insert(1, std::string(300'000, ' '));
    snapshots.learn(list, "dora", body_of(long_one), 35);
    CHECK(snapshots.find("dora", "/playlists/p", 40) == "new");
    snapshots.forget("bert");
    snapshots.forget("dora");
    CHECK(snapshots.size() == 1);
    // Those of others leave when they are no longer believed.
    snapshots.learn(list, "carl", told("p", "s"), 50);
    CHECK(snapshots.size() == 2);
    CHECK_FALSE(snapshots.find("anna", "/playlists/p", Snapshots::believed_ms + 50));
    CHECK(snapshots.size() == 1);
    snapshots.learn(list, "carl", told("p", "s"), 60);
    snapshots.learn(list, "carl", told("q", "s"), Snapshots::believed_ms + 60);
    CHECK(snapshots.size() == 2);
}

}  // namespace cadenza::server
