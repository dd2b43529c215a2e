#include "wasm-client/features/shell/parts.hpp"

#include "tests/support/catch.hpp"
#include "wasm-client/app/screen.hpp"
#include "wasm-client/features/library/needs.hpp"

#include <string>

using namespace cadenza;
using namespace cadenza::client;

namespace {

const std::string uri = "spotify:track:0123456789abcdefABCDEF";

bool has(const Html& html, std::string_view text) { return html.str().find(text) != std::string::npos; }

State signed_in() {
    State state;
    state.sign_in = SignIn::signed_in;
    return state;
}

}  // namespace

TEST_CASE("numbers of things are read at a glance") {
    CHECK(counted(1, "song", "songs") == "1 song");
    CHECK(counted(0, "song", "songs") == "0 songs");
    CHECK(counted(999, "song", "songs") == "999 songs");
    CHECK(counted(2000, "song", "songs") == "2,000 songs");
    CHECK(counted(1234567, "song", "songs") == "1,234,567 songs");
}

TEST_CASE("a like that waits for the network shows a clock, a sent one does not") {
    auto state = signed_in();
    Edit edit;
    edit.change = change::Like{Uri::parse(uri).value()};
    state.outbox.edits.push_back({std::move(edit), "Estuary"});
    state.liked[uri] = true;
    CHECK_FALSE(has(like_button(state, uri, "Estuary"), "#clock"));
    state.online = false;
    CHECK(has(like_button(state, uri, "Estuary"), "#clock"));
    CHECK(has(like_button(state, uri, "Estuary"), "aria-pressed=\"true\""));
    state.outbox.edits.clear();
    CHECK_FALSE(has(like_button(state, uri, "Estuary"), "#clock"));
}

TEST_CASE("when to ask again is said as a time to wait") {
    auto state = signed_in();
    state.now = 1'790'000'000'000;
    Resource resource;
    Problem problem;
    problem.title = "Too many requests";
    const auto said = [&](std::int64_t ms) {
        problem.retry_at = Millis(state.now + ms);
        resource.trouble = Trouble{problem};
        return trouble_state(state, resource);
    };
    CHECK(has(said(20'000), "in a minute"));
    CHECK(has(said(5 * 60'000), "in 5 min"));
    CHECK(has(said(13 * 3'600'000), "in 13 hours"));
}

TEST_CASE("a page is busy until what it is about is here") {
    auto state = signed_in();
    state.page = page::Library{page::Shelf::tracks};
    const auto need = needs_of(state).front();
    auto& resource = state.resources.at(need.address);
    resource.shape = need.shape;
    resource.fetching = 7;
    const auto main = [&] { return screen(state).regions[2].markup; };
    CHECK(has(main(), "aria-busy=\"true\""));
    CHECK(has(main(), "role=\"status\">Loading<"));
    resource.fetching = 0;
    CHECK(has(main(), "aria-busy=\"false\""));
    CHECK_FALSE(has(main(), "role=\"status\">Loading<"));
}
