// The record of a session as a store keeps it.
#include "server/session/session_text.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

void run(std::string_view input) {
    if (const auto session = session_from_text(input)) {
        require(session->active < session->accounts.size(), "an account is active");
        require(session_from_text(to_text(*session)) == session, "written again, the same session");
    }
    if (const auto summary = summary_from_text(input))
        require(summary_from_text(to_text(*summary)) == summary, "written again, the same summary");
}

const Registration registration({"session_text", run});

}  // namespace
}  // namespace cadenza::fuzz
