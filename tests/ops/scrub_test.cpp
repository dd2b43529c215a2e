#include "server/sentry/scrub.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace cadenza::sentry {
namespace {

constexpr const char* gone = "[redacted]";

TEST_CASE("what helps to find a bug stays") {
    for (const auto* text :
         {"std::out_of_range: vector::_M_range_check: __n (which is 3) >= this->size() (which is 2)",
          "$.items[3].name: string expected", "/api/library/tracks", "cannot listen on 127.0.0.1:8000",
          "invalid_grant", "a_long_name_without_any_digit_in_it", "12345678901234567890123", "",
          "two  blanks\tand\nlines "}) {
        CAPTURE(text);
        CHECK(scrub("what", text) == text);
    }
    CHECK(scrub("request_id", "AbCdEfGh12345678") == "AbCdEfGh12345678");
}

TEST_CASE("a field with a secret's name says nothing") {
    for (const auto* name : {"cookie", "Set-Cookie", "Authorization", "access_token", "refresh_token", "code",
                             "state", "sid", "client_secret", "password", "session_key", "sentry_dsn"}) {
        CAPTURE(name);
        CHECK(scrub(name, "x") == gone);
    }
}

TEST_CASE("no query, credential or token leaves in another") {
    const std::string token = "BQDf3x-_9aZ0kL2mN4pQ6rS8";
    for (const auto& text :
         {"GET /auth/callback?code=" + token + "&state=1 failed", "Bearer " + token,
          "authorization: Basic " + token, "Cookie: sid=" + token, "token=" + token,
          "\"access_token\":\"" + token + "\"", "refused " + token + ".", "(" + token + ")",
          "https://host/" + token + "/x", "a=" + token, token + token, "x " + token + "\n" + token,
          "Bearer   " + token, "sid=" + token + ";", "bearer: " + token}) {
        CAPTURE(text);
        const auto scrubbed = scrub("what", text);
        CHECK(scrubbed.find(token.substr(0, 8)) == std::string::npos);
        CHECK(scrubbed.find(gone) != std::string::npos);
    }
    CHECK(scrub("what", "GET /search?q=my+song failed") == "GET /search?[redacted] failed");
    CHECK(scrub("what", "code=abc") == "code=[redacted]");
    CHECK(scrub("what", "Bearer x y") == "Bearer [redacted] y");
    CHECK(scrub("error", "/me: 0123456789abcdef0123456789abcdef") == "/me: [redacted]");
}

}  // namespace
}  // namespace cadenza::sentry
