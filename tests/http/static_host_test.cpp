#include "server/http/static_host.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace cadenza::http {
namespace {

const SecurityPolicy policy{.sdk_origin = "https://sdk.scdn.co",
                            .art_origins = {"https://i.scdn.co"},
                            .backend_origin = "https://api.example.org",
                            .secure = true};

constexpr std::array all_hosts{StaticHost::vercel, StaticHost::netlify, StaticHost::nginx, StaticHost::caddy};

std::size_t count_of(std::string_view text, std::string_view piece) {
    std::size_t count = 0;
    for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + 1)) ++count;
    return count;
}

TEST_CASE("every host is told every security field, and how long files are good") {
    for (const auto host : all_hosts) {
        const auto text = static_host_settings(host, policy);
        CAPTURE(text);
        for (const auto& [name, value] : page_headers(policy)) CHECK(text.find(name) != text.npos);
        CHECK(text.find("connect-src 'self' https://api.example.org https://i.scdn.co;") != text.npos);
        CHECK(text.find("default-src 'none'; script-src 'self'; connect-src 'self' https://i.scdn.co\"") !=
              text.npos);
        CHECK(text.find("(self \\\"https://sdk.scdn.co\\\")") != text.npos);
        CHECK(count_of(text, "immutable") == 1);
        CHECK(text.find("no-cache") != text.npos);
        CHECK(text.ends_with("\n"));
    }
}

TEST_CASE("every host is told the addresses of pages") {
    for (const auto host : all_hosts) {
        const auto text = static_host_settings(host, policy);
        CAPTURE(text);
        for (const auto* page :
             {"/search", "/library/tracks", "/playlist/", "/album/", "/artist/", "/settings"})
            CHECK(text.find(page) != text.npos);
        CHECK(text.find("{id}") == text.npos);
    }
}

TEST_CASE("vercel.json names each path in one rule") {
    const auto document = nlohmann::json::parse(static_host_settings(StaticHost::vercel, policy));
    CHECK(document.size() == 2);
    REQUIRE(document["headers"].size() == 3);
    CHECK(document["headers"][0]["source"] == "/assets/(.*)");
    CHECK(document["headers"][1]["source"] == "/sw.js");
    CHECK(document["headers"][2]["source"] == R"(/((?!assets/|sw\.js$).*))");
    CHECK(document["rewrites"].size() == 9);
    CHECK(document["rewrites"][5]["source"] == "/playlist/:id([0-9A-Za-z]{22})");
    for (const auto& rewrite : document["rewrites"]) CHECK(rewrite["destination"] == "/index.html");
}

}  // namespace
}  // namespace cadenza::http
