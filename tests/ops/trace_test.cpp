// The cases follow https://github.com/w3c/trace-context/blob/main/test/test.py.
#include "server/base/trace.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace cadenza::server {
namespace {

const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::string parent_id = "b7ad6b7169203331";
const std::string good = "00-" + trace_id + "-" + parent_id + "-01";

TEST_CASE("a good traceparent is read") {
    CHECK(parse_traceparent(good) == TraceParent{trace_id, parent_id, true});
    CHECK(parse_traceparent("00-" + trace_id + "-" + parent_id + "-00") ==
          TraceParent{trace_id, parent_id, false});
    // Only the last bit has a meaning, the others may be set.
    CHECK(parse_traceparent("00-" + trace_id + "-" + parent_id + "-ff")->sampled);
    CHECK_FALSE(parse_traceparent("00-" + trace_id + "-" + parent_id + "-fe")->sampled);
    for (const auto& blank : {" " + good, good + " ", "\t" + good + "\t"}) CHECK(parse_traceparent(blank));
}

TEST_CASE("a later version is read as far as this one goes") {
    const auto later = "cc-" + trace_id + "-" + parent_id + "-01";
    CHECK(parse_traceparent(later) == TraceParent{trace_id, parent_id, true});
    CHECK(parse_traceparent(later + "-what-the-future-will-be-like"));
    CHECK(parse_traceparent(later + "-"));
    CHECK_FALSE(parse_traceparent(later + ".what-the-future-will-not-be-like"));
    CHECK_FALSE(parse_traceparent(later + "0"));
}

TEST_CASE("anything else is dropped") {
    const auto with = [](const std::string& version, const std::string& trace, const std::string& parent,
                         const std::string& flags) {
        return version + "-" + trace + "-" + parent + "-" + flags;
    };
    const std::vector<std::string> broken{
        "",
        "-",
        "00",
        trace_id,
        good.substr(0, 54),
        good + "0",
        good + "-",
        good + "-what-the-future-will-be-like",
        good + "," + good,
        with("ff", trace_id, parent_id, "01"),
        with(".0", trace_id, parent_id, "01"),
        with("0.", trace_id, parent_id, "01"),
        with("0", trace_id, parent_id, "01"),
        with("000", trace_id, parent_id, "01"),
        with("CC", trace_id, parent_id, "01"),
        with("0x", trace_id, parent_id, "01"),
        with("00", std::string(32, '0'), parent_id, "01"),
        with("00", "." + trace_id.substr(1), parent_id, "01"),
        with("00", trace_id.substr(0, 31) + ".", parent_id, "01"),
        with("00", trace_id.substr(1), parent_id, "01"),
        with("00", trace_id + "0", parent_id, "01"),
        with("00", "0AF7651916CD43DD8448EB211C80319C", parent_id, "01"),
        with("00", trace_id, std::string(16, '0'), "01"),
        with("00", trace_id, "." + parent_id.substr(1), "01"),
        with("00", trace_id, parent_id.substr(0, 15) + ".", "01"),
        with("00", trace_id, parent_id.substr(1), "01"),
        with("00", trace_id, parent_id + "0", "01"),
        with("00", trace_id, "B7AD6B7169203331", "01"),
        with("00", trace_id, parent_id, ".0"),
        with("00", trace_id, parent_id, "0."),
        with("00", trace_id, parent_id, "1"),
        with("00", trace_id, parent_id, "001"),
        with("00", trace_id, parent_id, "0A"),
        "00." + trace_id + "-" + parent_id + "-01",
        "00-" + trace_id + "." + parent_id + "-01",
        "00-" + trace_id + "-" + parent_id + ".01",
        std::string("00-") + trace_id + "-" + parent_id + "-0" + '\0',
    };
    for (const auto& value : broken) {
        CAPTURE(value);
        CHECK_FALSE(parse_traceparent(value));
    }
}

TEST_CASE("a request goes on in its caller's trace, with a span of its own") {
    const auto mine = continue_trace(good);
    CHECK(mine.trace_id == trace_id);
    CHECK(mine.span_id.size() == 16);
    CHECK(mine.span_id != parent_id);
    CHECK(continue_trace(good).span_id != mine.span_id);

    for (const auto& nothing :
         {std::optional<std::string_view>{}, std::optional<std::string_view>{"ff-broken"}}) {
        const auto fresh = continue_trace(nothing);
        CHECK(parse_traceparent("00-" + fresh.trace_id + "-" + fresh.span_id + "-00"));
        CHECK(continue_trace(nothing).trace_id != fresh.trace_id);
    }
}

}  // namespace
}  // namespace cadenza::server
