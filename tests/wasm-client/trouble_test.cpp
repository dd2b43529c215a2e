#include "tests/wasm-client/driver.hpp"

namespace cadenza::client {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t out = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++out;
    return out;
}

}  // namespace

TEST_CASE("what Spotify does not have is said once a page") {
    for (const char* kind : {"album", "artist", "playlist"}) {
        CAPTURE(kind);
        Driver driver;
        driver.sign_in("anna", std::string("/") + kind + "/0000000000000000000001");
        const auto address = std::string("/api/") + kind + "s/0000000000000000000001";
        for (bool asked = true; asked;) {
            asked = false;
            for (const auto& entry : driver.pending())
                asked = asked || entry.second.about.starts_with(address);
            if (asked) driver.answer(address, problem(ProblemCode::not_found), 404);
        }
        CHECK(count(driver.markup("main"), "Not found") == 1);
        CHECK(count(driver.markup("main"), "<h1") == 1);
        CHECK(driver.markup("main").find("Albums and singles") == std::string::npos);
    }
}

TEST_CASE("what went wrong can be copied for whoever runs the server") {
    Driver driver;
    driver.sign_in("anna", "/library/tracks");
    driver.answer("/api/library/tracks", problem(ProblemCode::internal), 500);
    CHECK(driver.markup("main").find("Copy details") != std::string::npos);
    driver.act(action::CopyDetails{"what the server said"});
    CHECK(driver.one<command::Copy>() == command::Copy{"what the server said"});
    REQUIRE(driver.state.toast);
    CHECK(driver.state.toast->text == "Details copied.");
}

}  // namespace cadenza::client
