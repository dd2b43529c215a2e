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

TEST_CASE("what outlives a restart has a place, or needs none") {
    const Variables home{{"HOME", "/home/anna"}};
    const Status good;
    CHECK(state_folder(app(home), good).state == State::ok);
    CHECK(state_folder(app(home), good).what == "/home/anna/.local/state/cadenza");
    const auto bad = state_folder(app(home), Error{Errc::storage_failed, "/home: Read-only file system"});
    CHECK(bad.state == State::warning);
    CHECK(bad.what.starts_with("/home: Read-only file system: "));
    CHECK(state_folder(app({{"STATE_DIR", ""}}), good).state == State::warning);
    CHECK(state_folder(settings_of({}), good).state == State::skipped);
    CHECK(state_folder(app({{"REDIS_URL", "redis://127.0.0.1:6379"}}), good).state == State::skipped);
}

}  // namespace cadenza::server::doctor
