#include "shared/base/query.hpp"

#include "shared/api/endpoints.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"
#include "tests/support/tracks.hpp"

namespace cadenza {
namespace {

TEST_CASE("a query is checked like a body") {
    CHECK(decode_query<PageQuery>("").value() == PageQuery{});
    CHECK(decode_query<PageQuery>("offset=50&limit=20").value() == PageQuery{50, 20});
    const auto [query, detail] = GENERATE(table<std::string, std::string>({
        {"limit=0", "query.limit: integer from 1 to 50 expected"},
        {"limit=51", "query.limit: integer from 1 to 50 expected"},
        {"limit=5x", "query.limit: integer from 1 to 50 expected"},
        {"limit=", "query.limit: integer from 1 to 50 expected"},
        {"offset=-1", "query.offset: integer from 0 to 100000 expected"},
        {"limit=5&limit=6", "query.limit: given twice"},
        {"page=2", "query.page: unknown parameter"},
        {"limit=%4", "broken percent escape"},
        {"limit=%zz", "broken percent escape"},
    }));
    CAPTURE(query);
    const auto page = decode_query<PageQuery>(query);
    REQUIRE(page.has_error());
    CHECK(page.error() == Error{Errc::invalid_value, detail});
}

TEST_CASE("lists, names and text travel in a query") {
    const SearchQuery search{"rain & \"sun\" é+", {SearchType::track, SearchType::album}, {}, 10};
    const auto text = encode_query(search);
    CHECK(text == "q=rain%20%26%20%22sun%22%20%C3%A9%2B&types=track,album&limit=10");
    CHECK(decode_query<SearchQuery>(text).value() == search);
    CHECK(decode_query<SearchQuery>("q=a+b").value().q.str() == "a b");
    CHECK(decode_query<SearchQuery>("q=").error().detail == "query.q: 1 to 200 characters expected");
    CHECK(decode_query<SearchQuery>("types=track").error().detail == "query.q: missing");
    CHECK(decode_query<SearchQuery>("q=a&types=song").error().detail == "query.types: unknown name");
    CHECK(decode_query<TopQuery>("range=short").value().range == TopRange::short_);
}

TEST_CASE("how long a text or a list may be is part of its type") {
    const auto search = [](const std::string& q) { return decode_query<SearchQuery>("q=" + q); };
    std::string text;
    for (int i = 0; i < 200; ++i) text += "é";
    CHECK(search(text)->q.str() == text);
    CHECK(search(text + "é").error().detail == "query.q: 1 to 200 characters expected");
    CHECK(BoundedText<1, 3>("äöüß").str() == "äöü");

    const auto uris = [](int count) {
        std::string out;
        for (int i = 0; i < count; ++i) out += (i > 0 ? "," : "") + id<TrackId>(i).uri();
        return decode_query<UrisQuery>("uris=" + out);
    };
    CHECK(uris(1)->uris.size() == 1);
    CHECK(uris(40)->uris.size() == 40);
    CHECK(uris(41).error().detail == "query.uris: 1 to 40 entries expected");
    CHECK(uris(0).error().detail == "query.uris: 1 to 40 entries expected");
    CHECK(decode_query<UrisQuery>("").error().detail == "query.uris: missing");
    CHECK(decode_query<SearchQuery>("q=a&types=").value().types.empty());
}

TEST_CASE("percent encoding gives back any bytes") {
    Random random(3);
    for (int i = 0; i < 300; ++i) {
        const auto bytes = random.bytes(random.below(40));
        CHECK(percent_decode(percent_encode(bytes)).value() == bytes);
    }
}

}  // namespace
}  // namespace cadenza
