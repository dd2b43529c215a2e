#include "server/doctor/addresses.hpp"

#include "tests/doctor/settings_of.hpp"

namespace cadenza::server::doctor {
namespace {

Config two_origins() {
    return app({{"SPOTIFY_REDIRECT_URI", "https://api.example.org/auth/callback"},
                {"BACKEND_URL", "https://api.example.org"},
                {"FRONTEND_URL", "https://app.example.org"},
                {"STATIC_DIR", ""}});
}

Asked answered(int status, std::string body, std::string type) {
    return {.status = status,
            .unreachable = "",
            .body = std::move(body),
            .content_type = std::move(type),
            .ahead = {}};
}

Asked silent() {
    Asked out;
    out.unreachable = "connect: Connection refused";
    return out;
}

}  // namespace

TEST_CASE("only addresses of others are asked") {
    CHECK(backend_question(app()).empty());
    CHECK(frontend_question(app()).empty());
    CHECK(backend_address(app(), {}).state == State::skipped);
    CHECK(frontend_address(app(), {}).state == State::skipped);
    CHECK(backend_question(two_origins()) == "https://api.example.org/livez");
    CHECK(frontend_question(two_origins()) == "https://app.example.org/");
}

TEST_CASE("the backend's address leads to a server of Cadenza, elsewhere, or nowhere") {
    const auto config = two_origins();
    CHECK(backend_address(config, answered(200, "alive\n", "text/plain")).state == State::ok);
    CHECK(backend_address(config, answered(200, "<!doctype html>", "text/html")).state == State::warning);
    const auto foreign = backend_address(config, answered(404, "", ""));
    CHECK(foreign.state == State::warning);
    CHECK(foreign.what == "https://api.example.org/livez answered 404, and not as this server does");
    const auto nobody = backend_address(config, silent());
    CHECK(nobody.state == State::warning);
    CHECK(nobody.what.ends_with("connect: Connection refused"));
}

TEST_CASE("the client's address has a page, something else, or nothing") {
    const auto config = two_origins();
    const auto state = [&](const Asked& asked) { return frontend_address(config, asked).state; };
    CHECK(state(answered(200, "<!doctype html>", "text/html; charset=utf-8")) == State::ok);
    CHECK(state(answered(200, "{}", "application/json")) == State::warning);
    CHECK(state(answered(404, "<h1>no</h1>", "text/html")) == State::warning);
    CHECK(state(silent()) == State::warning);
    const auto moved = frontend_address(config, answered(308, "", ""));
    CHECK(moved.state == State::warning);
    CHECK(moved.what == "https://app.example.org/ answered 308, which leads elsewhere");
}

}  // namespace cadenza::server::doctor
