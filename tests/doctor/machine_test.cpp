#include "server/doctor/machine.hpp"

#include "tests/doctor/settings_of.hpp"

namespace cadenza::server::doctor {

TEST_CASE("open files must do for all connections") {
    const auto config = app({{"LIMIT_CONNECTIONS", "1000"}});
    CHECK(open_files(config, 1024).state == State::warning);
    CHECK(open_files(config, 1064).state == State::ok);
    CHECK(open_files(config, ~0ULL).state == State::ok);
    CHECK(open_files(app(), 1024).todo.starts_with("ulimit -Hn 10064 "));
}

TEST_CASE("the client is there, is not, or is elsewhere") {
    CHECK(static_site(app(), std::string("<!doctype html>")).state == State::ok);
    CHECK(static_site(app(), std::string()).state == State::failed);
    const auto missing = static_site(app(), Error{Errc::not_found, "/site: no such folder"});
    CHECK(missing.state == State::failed);
    CHECK(missing.what == "/site: no such folder");
    const auto elsewhere = app({{"STATIC_DIR", ""}, {"FRONTEND_URL", "https://app.example.org"}});
    CHECK(static_site(elsewhere, std::string()).state == State::skipped);
}

}  // namespace cadenza::server::doctor
