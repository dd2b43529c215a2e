#include "shared/base/json.hpp"

#include "shared/api/endpoints.hpp"
#include "shared/model/page.hpp"
#include "shared/model/playback.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tracks.hpp"

#include <cstdint>

namespace cadenza {
namespace {

struct Sample {
    std::string name;
    std::int32_t count{};
    std::optional<std::string> note;
    std::vector<std::string> tags;
    Percent volume;
    RepeatMode repeat{};
    bool default_{};
    bool operator==(const Sample&) const = default;
};
BOOST_DESCRIBE_STRUCT(Sample, (), (name, count, note, tags, volume, repeat, default_))

struct Inner {
    TrackId id;
    bool operator==(const Inner&) const = default;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (id))

struct Outer {
    json::Lenient<Inner> items;
    std::int32_t after{};
    bool operator==(const Outer&) const = default;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (items, after))

const std::string good_id = "4iV5W9uYEdYUVa79Axb7Rh";

TEST_CASE("a struct reads back as it was written") {
    const Sample sample{.name = "a\"b\\c\n\u00e9",
                        .count = -5,
                        .note = "n",
                        .tags = {"x", ""},
                        .volume = 40,
                        .repeat = RepeatMode::track,
                        .default_ = true};
    const auto text = encode(sample);
    CHECK(
        text ==
        "{\"name\":\"a\\\"b\\\\c\\n\u00e9\",\"count\":-5,\"note\":\"n\",\"tags\":[\"x\",\"\"],\"volume\":40,"
        "\"repeat\":\"track\",\"default\":true}");
    CHECK(decode<Sample>(text).value() == sample);
}

TEST_CASE("what may be left out may be left out or null") {
    const auto sample = decode<Sample>(
        R"({"name":"x","count":1,"note":null,"volume":0,"repeat":"off","default":false,"more":{"a":[1,{"b":2}]}})");
    REQUIRE(sample.has_value());
    CHECK_FALSE(sample->note);
    CHECK(sample->tags.empty());
    CHECK(encode(*sample).find("note") == std::string::npos);
}

TEST_CASE("an error names the place") {
    const auto [text, code, detail] = GENERATE(table<std::string, Errc, std::string>({
        {"", Errc::malformed_json, "not JSON, at byte 1"},
        {"{", Errc::malformed_json, "not JSON, at byte 2"},
        {R"({"id":"4iV5W9uYEdYUVa79Axb7Rh","name":"","duration_ms":1,"explicit":true,"playable":true} x)",
         Errc::malformed_json, "not JSON, at byte 91"},
        {"[]", Errc::schema_mismatch, "$: object expected"},
        {"null", Errc::schema_mismatch, "$: object expected"},
        {R"({"id":7})", Errc::schema_mismatch, "$.id: string expected"},
        {R"({"id":"short"})", Errc::invalid_value, "$.id: track id expected"},
        {R"({"id":"4iV5W9uYEdYUVa79Axb7Rh","name":"x","artists":[{"id":"3WrFJ7ztbogyGnTHbHJFl2"}]})",
         Errc::schema_mismatch, "$.artists[0].name: missing"},
        {R"({"id":"4iV5W9uYEdYUVa79Axb7Rh","name":"x","duration_ms":-1})", Errc::invalid_value,
         "$.duration_ms: integer out of range"},
        {R"({"id":"4iV5W9uYEdYUVa79Axb7Rh","id":"4iV5W9uYEdYUVa79Axb7Rh"})", Errc::schema_mismatch,
         "$.id: duplicate key"},
        {R"({"artists":[{"id":"3WrFJ7ztbogyGnTHbHJFl2","name":"a"},[]]})", Errc::schema_mismatch,
         "$.artists[1]: object expected"},
        {R"({"explicit":1})", Errc::schema_mismatch, "$.explicit: boolean expected"},
        {R"({"duration_ms":"1"})", Errc::schema_mismatch, "$.duration_ms: integer expected"},
        {R"({"duration_ms":1.5})", Errc::schema_mismatch, "$.duration_ms: integer expected"},
        {R"({"duration_ms":1e300})", Errc::schema_mismatch, "$.duration_ms: integer expected"},
        {R"({"duration_ms":18446744073709551615})", Errc::invalid_value,
         "$.duration_ms: integer out of range"},
        {R"({"duration_ms":99999999999999999999})", Errc::schema_mismatch, "$.duration_ms: integer expected"},
        {R"~({"album":{"id":"3WrFJ7ztbogyGnTHbHJFl2","name":"n","images":[{"url":"javascript:alert(1)"}]}})~",
         Errc::invalid_value, "$.album.images[0].url: https URL expected"},
    }));
    CAPTURE(text);
    const auto track = decode<Track>(text);
    REQUIRE(track.has_error());
    CHECK(track.error() == Error{code, detail});
}

TEST_CASE("a whole number written with a point is a whole number") {
    const auto sample =
        decode<Sample>(R"({"name":"","count":12.0,"volume":1,"repeat":"off","default":true})");
    REQUIRE(sample.has_value());
    CHECK(sample->count == 12);
}

TEST_CASE("bounds and names outside their domain are refused") {
    const auto read = [](const std::string& rest) {
        return decode<Sample>(R"({"name":"","count":1,"default":true,)" + rest + "}");
    };
    CHECK(read(R"("volume":101,"repeat":"off")").error().detail == "$.volume: integer out of range");
    CHECK(read(R"("volume":-1,"repeat":"off")").error().detail == "$.volume: integer out of range");
    CHECK(read(R"("volume":100,"repeat":"once")").error().detail == "$.repeat: unknown name");
    CHECK(read(R"("volume":100,"repeat":"context")").has_value());
}

TEST_CASE("bounds of text and lists are the field's own") {
    const std::string change = R"("change":{"like":{"uri":"spotify:track:0000000000000000000001"}}})";
    CHECK(decode<Edit>(R"({"id":"edit-001",)" + change)->id.str() == "edit-001");
    CHECK(decode<Edit>(R"({"id":"edit 001",)" + change).error() ==
          Error{Errc::invalid_value, "$.id: 8 to 64 characters of 0-9 A-Z a-z _ - expected"});
    CHECK(EditId::parse(EditId(1, 1).str()).has_value());
    CHECK(EditId::parse(EditId(1'790'000'000'000, 7).str())->str() == "edit-1790000000000-7");

    const auto play = [](int count) {
        std::string uris;
        for (int i = 0; i < count; ++i) uris += (i > 0 ? ",\"" : "\"") + id<TrackId>(i).uri() + "\"";
        return decode<PlayerCommand>(R"({"play":{"uris":[)" + uris + "]}}");
    };
    CHECK(play(100).has_value());
    CHECK(play(101).error() == Error{Errc::invalid_value, "$.play.uris: 0 to 100 entries expected"});

    CHECK(decode<UrisQuery>(R"({"uris":["spotify:track:0000000000000000000001"]})")->uris.size() == 1);
    CHECK(decode<UrisQuery>(R"({"uris":[]})").error().detail == "$.uris: 1 to 40 entries expected");
    CHECK(decode<UrisQuery>(R"({"uris":null})").error().detail == "$.uris: array expected");
    CHECK(decode<UrisQuery>("{}").error().detail == "$.uris: missing");
}

TEST_CASE("unknown fields are ignored from others and refused from our own client") {
    const std::string text = R"({"id":"edit-0001","change":{"like":{"uri":"spotify:track:)" + good_id +
                             R"(","surprise":{"deep":[1]}}}})";
    CHECK(decode<Edit>(text).has_value());
    const auto strict = decode<Edit>(text, UnknownFields::refuse);
    REQUIRE(strict.has_error());
    CHECK(strict.error().detail == "$.change.like.surprise: unknown field");
}

TEST_CASE("a sum type has exactly one key") {
    const auto read = [](std::string_view text) {
        return decode<PlayerCommand>(text, UnknownFields::refuse);
    };
    CHECK(read(R"({"pause":{}})").value() == PlayerCommand(command::Pause{}));
    CHECK(read(R"({"seek":{"position_ms":1000}})").value() == PlayerCommand(command::Seek{1000, {}}));
    CHECK(encode(PlayerCommand(command::Seek{1000, "d"})) ==
          R"({"seek":{"position_ms":1000,"device_id":"d"}})");
    CHECK(read("{}").error().detail == "$: exactly one key expected");
    CHECK(read(R"({"pause":{},"next":{}})").error().detail == "$.pause: exactly one key expected");
    CHECK(read(R"({"explode":{}})").error() == Error{Errc::invalid_value, "$.explode: unknown name"});
    CHECK(read(R"({"play":{}})").error().detail == "$.play: exactly one of context_uri and uris expected");
    CHECK(read(R"({"pause":null})").error().detail == "$.pause: object expected");
}

TEST_CASE("an unreadable entry of a lenient list is dropped and counted") {
    const auto entry = GENERATE_COPY(values<std::string>(
        {"null", "7", "\"x\"", "[1,[2]]", "{}", R"({"id":null})", R"({"id":"short","x":{"y":[1,2]}})",
         R"({"id":[{"a":1}],"b":{}})", R"({"x":1,"id":"short"})"}));
    CAPTURE(entry);
    const auto good = R"({"id":")" + good_id + "\"}";
    const auto outer =
        decode<Outer>("{\"items\":[" + good + "," + entry + "," + good + "," + entry + "],\"after\":3}");
    REQUIRE(outer.has_value());
    CHECK(outer->items.items.size() == 2);
    CHECK(outer->items.dropped == 2);
    CHECK(outer->after == 3);
}

TEST_CASE("malformed text fails a lenient list as a whole") {
    CHECK(decode<Outer>(R"({"items":[{"id":)").error().code == Errc::malformed_json);
    CHECK(decode<Outer>(R"({"items":[{"id":"short"},}],"after":1})").error().code == Errc::malformed_json);
}

TEST_CASE("nesting beyond 64 levels is refused, even where it would be ignored") {
    const auto nested = [](std::size_t levels) {
        return R"({"after":1,"items":[],"x":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
    };
    CHECK(decode<Outer>(nested(63)).has_value());
    CHECK(decode<Outer>(nested(64)).error().detail == "$: deeper than 64 levels");
    CHECK(decode<Outer>(nested(10'000)).has_error());
    CHECK(decode<Outer>(std::string(10'000, '{')).has_error());
}

TEST_CASE("text that is not UTF-8 is refused when read and mended when written") {
    CHECK(decode<Sample>("{\"name\":\"\xff\"}").error().code == Errc::malformed_json);
    CHECK(decode<Sample>("{\"name\":\"\xed\xa0\x80\"}").error().code == Errc::malformed_json);
    CHECK(encode(std::string("a\xff\xe2\x82z")) == "\"a\uFFFD\uFFFDz\"");
}

TEST_CASE("what could end a script element or a line is escaped") {
    CHECK(encode(std::string("</script>\u2028\x01\x7f")) == R"("\u003c/script>\u2028\u0001\u007f")");
}

TEST_CASE("a list of booleans is a list of booleans") {
    const Contains contains{{true, false, true}};
    CHECK(encode(contains) == R"({"saved":[true,false,true]})");
    CHECK(decode<Contains>(encode(contains)).value() == contains);
}

TEST_CASE("pages read back as they were written") {
    TrackPage page{.items = tracks(3), .offset = 50, .total = 2000, .dropped = 1};
    page.items[1].album =
        AlbumRef{id<AlbumId>(9), "Album", {{*Url::parse("https://i.scdn.co/image/x"), 300}}};
    CHECK(decode<TrackPage>(encode(page)).value() == page);
}

}  // namespace
}  // namespace cadenza
