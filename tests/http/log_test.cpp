#include "server/base/log.hpp"

#include "server/base/secret.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <type_traits>

namespace cadenza::server {
namespace {

using namespace std::string_literals;

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

// A Secret reaches no log, no stream and no text by accident.
static_assert(!std::is_constructible_v<LogField, std::string_view, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> &&
              !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<Secret, bool> && !std::is_convertible_v<std::string, Secret>);
static_assert(!Streamable<Secret>);
static_assert(std::is_constructible_v<LogField, std::string_view, std::string>);
// A pointer would be logged as true.
static_assert(!std::is_constructible_v<LogField, std::string_view, const Secret*>);
static_assert(!std::is_constructible_v<LogField, std::string_view, const void*>);

struct Lines {
    std::vector<std::string> all;
    Log log(Level least, LogFormat format) {
        return {least, format, [this](std::string_view line) { all.emplace_back(line); }};
    }
};

const std::string hostile =
    "a\nb\r\x1B[31m\"\\\0\x7F\xC2\x9B\xC2\x85\xE2\x80\xA8\xFF}"s + "\n{\"level\":\"error\"}";

TEST_CASE("a secret is read only by name") {
    const Secret secret("hunter2");
    CHECK(secret.reveal() == "hunter2");
    CHECK_FALSE(secret.empty());
    CHECK(Secret().empty());
    CHECK(secret == Secret("hunter2"));
    CHECK_FALSE(secret == Secret("hunter3"));
}

TEST_CASE("a line is one JSON object with its fields") {
    Lines lines;
    const auto log = lines.log(Level::info, LogFormat::json);
    const std::string path = "/api/session";
    log.info(
        "request",
        {{"path", path}, {"method", "GET"}, {"status", 200}, {"took_ms", std::int64_t{3}}, {"cached", true}});

    REQUIRE(lines.all.size() == 1);
    const auto line = nlohmann::json::parse(lines.all[0]);
    CHECK(line["event"] == "request");
    CHECK(line["level"] == "info");
    CHECK(line["path"] == "/api/session");
    CHECK(line["method"] == "GET");
    CHECK(line["status"] == 200);
    CHECK(line["took_ms"] == 3);
    CHECK(line["cached"] == true);
    const auto time = line["time"].get<std::string>();
    CHECK(time.size() >= 20);
    CHECK(time.back() == 'Z');
}

TEST_CASE("nothing from outside begins a line or moves a terminal's cursor") {
    for (const auto format : {LogFormat::json, LogFormat::text}) {
        Lines lines;
        lines.log(Level::info, format).warn("request", {{"agent", hostile}, {"after", 1}});
        REQUIRE(lines.all.size() == 1);
        const auto& line = lines.all[0];
        CAPTURE(line);
        CHECK(line.back() == '\n');
        CHECK(line.find('\n') == line.size() - 1);
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            const auto byte = static_cast<unsigned char>(line[i]);
            CHECK(byte >= 0x20);
            CHECK(byte != 0x7F);
            if (byte == 0xC2) CHECK(static_cast<unsigned char>(line[i + 1]) >= 0xA0);
        }
        CHECK(line.find("\xE2\x80\xA8") == std::string::npos);
        if (format == LogFormat::text) continue;
        const auto read = nlohmann::json::parse(line);
        CHECK(read.size() == 5);
        CHECK(read["level"] == "warn");
        CHECK(read["after"] == 1);
        CHECK(read["agent"].get<std::string>().starts_with("a\nb\r\x1B[31m\"\\"));
    }
}

TEST_CASE("a person's line names time, level, event and fields") {
    Lines lines;
    lines.log(Level::info, LogFormat::text).error("store_lost", {{"host", "127.0.0.1"}, {"tries", 3}});
    REQUIRE(lines.all.size() == 1);
    CHECK(lines.all[0].substr(8) == " error store_lost host=\"127.0.0.1\" tries=3\n");
}

TEST_CASE("what is below the level is not written") {
    Lines lines;
    const auto log = lines.log(Level::warn, LogFormat::json);
    log.write(Level::debug, "a");
    log.info("b");
    CHECK(lines.all.empty());
    log.warn("c");
    log.error("d");
    CHECK(lines.all.size() == 2);
}

}  // namespace
}  // namespace cadenza::server
