#pragma once

// What goes wrong with sessions, in the words of the page.

#include "server/http/problem.hpp"

#include <cstdint>

namespace cadenza::server {

inline http::Failure store_failure(std::int64_t now) {
    constexpr std::int64_t soon_ms = 2'000;
    return {ProblemCode::store_unavailable,
            "Sessions cannot be read just now; nobody is signed out.",
            {},
            now + soon_ms};
}

inline http::Failure store_cannot() {
    return {ProblemCode::store_cannot,
            "This server keeps each session in its browser's cookie, so it ends there and nowhere else.",
            {},
            {}};
}

inline http::Failure sign_in_again() {
    return {ProblemCode::reauthorize, "Spotify no longer accepts this sign-in: sign in again.", {}, {}};
}

inline http::Failure signed_out() { return {ProblemCode::signed_out, "Sign in first.", {}, {}}; }

inline http::Failure accounts_out() {
    return {ProblemCode::upstream_unavailable, "Spotify's sign-in service does not answer.", {}, {}};
}

inline http::Failure accounts_slow() {
    return {ProblemCode::upstream_timeout, "Spotify's sign-in service did not answer in time.", {}, {}};
}

inline http::Failure refusing_everybody(std::int64_t until) {
    http::Failure out{ProblemCode::upstream_unavailable,
                      "Spotify refuses many sign-ins at once; wait a moment.",
                      {},
                      until};
    out.status = 503;
    return out;
}

}  // namespace cadenza::server
