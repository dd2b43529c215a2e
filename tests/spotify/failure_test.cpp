#include "server/spotify/failure.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace cadenza::server {
namespace {

struct Row {
    int status{};
    std::string body;
    ProblemCode code{};
    std::string says;  // part of the detail: who must do what
};

std::string api_error(int status, const std::string& message, const std::string& reason = "") {
    return "{\"error\":{\"status\":" + std::to_string(status) + ",\"message\":\"" + message + "\"" +
           (reason.empty() ? "" : ",\"reason\":\"" + reason + "\"") + "}}";
}

}  // namespace

TEST_CASE("what Spotify refuses becomes a problem that says who must do what") {
    const std::vector<Row> rows{
        {403,
         "Active premium subscription required for the owner of the app. When the subscription status "
         "changes, "
         "it can take a few hours",
         ProblemCode::owner_not_premium, "owner of this Spotify app needs Premium"},
        {403, "ACTIVE PREMIUM SUBSCRIPTION REQUIRED FOR THE OWNER OF THE APP.",
         ProblemCode::owner_not_premium, "few hours"},
        {403, api_error(403, "Active premium subscription required for the owner of the app."),
         ProblemCode::owner_not_premium, "Premium"},
        {403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
         ProblemCode::not_registered, "its owner can add it at developer.spotify.com/dashboard"},
        {403, "User not registered in the Developer Dashboard", ProblemCode::not_registered,
         "User Management"},
        {403, api_error(403, "User not approved for app"), ProblemCode::not_registered, "owner"},
        {403, api_error(403, "Player command failed: Premium required", "PREMIUM_REQUIRED"),
         ProblemCode::premium_required, "Premium accounts"},
        {403, api_error(403, "Player command failed: Premium required"), ProblemCode::premium_required,
         "Premium"},
        {403, api_error(403, "Insufficient client scope"), ProblemCode::reauthorize, "sign in again"},
        {403, api_error(403, "Forbidden"), ProblemCode::restricted, "does not allow this here"},
        {403, api_error(403, "x", "DEVICE_NOT_CONTROLLABLE"), ProblemCode::restricted,
         "use the device itself"},
        {403, api_error(403, "x", "REMOTE_CONTROL_DISALLOW"), ProblemCode::restricted,
         "use the device itself"},
        {403, api_error(403, "x", "VOLUME_CONTROL_DISALLOW"), ProblemCode::restricted, "volume"},
        {403, api_error(403, "x", "CONTEXT_DISALLOW"), ProblemCode::restricted, "playing now"},
        {403, api_error(403, "x", "NO_PREV_TRACK"), ProblemCode::restricted, "before this one"},
        {403, api_error(403, "x", "NO_NEXT_TRACK"), ProblemCode::restricted, "after this one"},
        {403, api_error(403, "x", "RATE_LIMITED"), ProblemCode::rate_limited, "wait"},
        {403, api_error(403, "x", "SOMETHING_NEW"), ProblemCode::restricted, "does not allow"},
        {403, "", ProblemCode::restricted, "does not allow"},
        {403, "<html>Forbidden</html>", ProblemCode::restricted, "does not allow"},
        {404, api_error(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"),
         ProblemCode::no_active_device, "choose a device"},
        {404, api_error(404, "Device not found"), ProblemCode::device_not_found, "choose another"},
        {404, api_error(404, "Non existing id"), ProblemCode::not_found, "does not have this"},
        {404, "", ProblemCode::not_found, "does not have this"},
        {400, api_error(400, "Invalid limit"), ProblemCode::bad_request, "refused"},
        {401, api_error(401, "The access token expired"), ProblemCode::reauthorize, "sign in again"},
        {500, "", ProblemCode::upstream_unavailable, "trouble"},
        {502, "<html>", ProblemCode::upstream_unavailable, "trouble"},
        {301, "", ProblemCode::upstream_unavailable, "trouble"},
        // Words of a refusal in another answer mean nothing.
        {502, "the user may not be registered", ProblemCode::upstream_unavailable, "trouble"},
    };
    for (const auto& [status, body, code, says] : rows) {
        CAPTURE(status, body);
        const auto failure = failure_of(http::ClientResponse{status, {}, body});
        CHECK(failure.code == code);
        CHECK_THAT(failure.detail, Catch::Contains(says));
    }
    CHECK(failure_of(Error{Errc::timed_out, "x"}).code == ProblemCode::upstream_timeout);
    CHECK(failure_of(Error{Errc::upstream_failed, "x"}).code == ProblemCode::upstream_unavailable);
}

TEST_CASE("a refusal's text never becomes ours") {
    const std::string secret = "Bearer BQDsecret";
    for (const int status : {400, 401, 403, 404, 500})
        for (const auto& body : {secret, api_error(status, secret, secret)})
            CHECK_THAT(failure_of(http::ClientResponse{status, {}, body}).detail,
                       !Catch::Contains("BQDsecret"));
}

}  // namespace cadenza::server
