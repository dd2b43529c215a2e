#include "server/sentry/envelope.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace cadenza::sentry {
namespace {

using Json = nlohmann::json;

const Origin origin{"cadenza@1.2.3", "demo"};
constexpr std::int64_t now = 1'790'000'000'123;

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

TEST_CASE("an event says what, where and when, and no secret") {
    const auto event = make_event("bug",
                                  {{"what", "bad token BQDf3x-_9aZ0kL2mN4pQ6rS8"},
                                   {"request_id", "AbCdEfGh12345678"},
                                   {"status", 500},
                                   {"cookie", "sid=1"}},
                                  origin, now);
    CHECK(event.id.size() == 32);
    CHECK(event.id.find_first_not_of("0123456789abcdef") == std::string::npos);
    const auto json = Json::parse(event.payload);
    CHECK(json["event_id"] == event.id);
    CHECK(json["timestamp"] == "2026-09-21T14:13:20Z");
    CHECK(json["platform"] == "native");
    CHECK(json["level"] == "error");
    CHECK(json["release"] == "cadenza@1.2.3");
    CHECK(json["environment"] == "demo");
    CHECK(json["message"]["formatted"] == "bug");
    CHECK(json["tags"] == Json{{"event", "bug"}, {"request_id", "AbCdEfGh12345678"}});
    CHECK(json["extra"] == Json{{"what", "bad token [redacted]"}, {"status", 500}, {"cookie", "[redacted]"}});
    CHECK(json["fingerprint"] == Json{"bug", "bad token [redacted]", "500"});
}

TEST_CASE("the same trouble has the same fingerprint, whoever's request it was") {
    const auto print = [](server::LogFields fields) {
        return make_event("bug", fields, origin, now).fingerprint;
    };
    CHECK(print({{"what", "a"}, {"request_id", "1"}}) == print({{"what", "a"}, {"request_id", "2"}}));
    CHECK(print({{"what", "a"}}) != print({{"what", "b"}}));
    CHECK(print({{"what", "a"}}) != make_event("other", {{"what", "a"}}, origin, now).fingerprint);
}

TEST_CASE("an event stays small and legal, whatever is in it") {
    const std::string huge(1'000'000, 'x');
    const std::string bytes = "\xFF\xFE\x01\"\\\n" + huge;
    const auto event = make_event("bug", {{"what", huge}, {"error", bytes}}, origin, now);
    CHECK(event.payload.size() <= 200'000);
    CHECK(event.payload.find('\n') == std::string::npos);
    CHECK(Json::accept(event.payload));
}

TEST_CASE("an envelope is lines of JSON, each item with its length") {
    const auto event = make_event("bug", {{"what", "naïve"}}, origin, now);
    const auto text = envelope(&event, {{"queue_overflow", 3}, {"network_error", 1}}, now);
    CHECK(text.ends_with('\n'));
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 5);
    const auto header = Json::parse(lines[0]);
    CHECK(header == Json{{"event_id", event.id}, {"sent_at", "2026-09-21T14:13:20Z"}});
    CHECK(Json::parse(lines[1]) == Json{{"type", "event"}, {"length", event.payload.size()}});
    CHECK(lines[2] == event.payload);
    CHECK(Json::parse(lines[3]) == Json{{"type", "client_report"}, {"length", lines[4].size()}});
    const auto report = Json::parse(lines[4]);
    CHECK(report["discarded_events"] ==
          Json{{{"reason", "network_error"}, {"category", "error"}, {"quantity", 1}},
               {{"reason", "queue_overflow"}, {"category", "error"}, {"quantity", 3}}});
}

TEST_CASE("a report alone names no event") {
    const auto lines = lines_of(envelope(nullptr, {{"queue_overflow", 3}}, now));
    REQUIRE(lines.size() == 3);
    CHECK_FALSE(Json::parse(lines[0]).contains("event_id"));
    CHECK(Json::parse(lines[1])["type"] == "client_report");
}

}  // namespace
}  // namespace cadenza::sentry
