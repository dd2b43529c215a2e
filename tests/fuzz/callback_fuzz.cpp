// The query Spotify sends a browser back with, beside a sign-in under way; and where the page is opened then.
#include "server/session/sign_in_flow.hpp"
#include "shared/api/pages.hpp"
#include "shared/base/query.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

// A flow with a state that is known, and the cookie a browser keeps of it.
struct UnderWay {
    KeyRing keys{{{"k", Secret(std::string(32, 'k'))}}};
    SignInCookies cookies{keys, true};
    SignInFlow flow{"0123abcdstate", "verifier", "/search?q=x", "", 1'000};
    http::Request request;

    UnderWay() {
        const auto line = cookies.set(request, flow).back();
        request.headers.add("Cookie", line.substr(0, line.find(';')));
    }
};

void check_state(const std::string& state) {
    static const UnderWay here;
    const auto found = here.cookies.find(here.request, state, 2'000);
    require(found.has_value() == (state == here.flow.state), "one state belongs to the flow");
    require(!found || *found == here.flow, "the flow is what was begun");
    const auto cleared = here.cookies.clear(state);
    require(cleared.starts_with("__Host-login-") && cleared.find_first_of("\r\n,\"") == cleared.npos,
            "clearing names a cookie of ours");
    require(cleared.find('=') == std::string_view("__Host-login-").size() + 8, "and only that");
}

void check_return(std::string_view text) {
    const auto safe = safe_return_to(text);
    require(is_page(safe.substr(0, safe.find('?'))), "a page of ours");
    require(!safe.starts_with("//") && safe.find_first_of(" \\#\r\n") == safe.npos, "never another origin");
    require(safe_return_to(safe) == safe, "what is safe stays");
}

void run(std::string_view input) {
    check_state(std::string(input));
    check_return(input);
    const auto parameters = parse_query(input);
    if (!parameters) return;
    std::string again;
    for (const auto& [name, value] : *parameters) {
        if (name == "state") check_state(value);
        if (name == "return_to") check_return(value);
        again += (again.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    const auto back = parse_query(again);
    require(back && *back == *parameters, "written again, the same parameters");
}

const Registration registration({"callback", run});

}  // namespace
}  // namespace cadenza::fuzz
