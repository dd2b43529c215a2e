#include "server/spotify/failure.hpp"

#include "server/base/ascii.hpp"
#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

namespace cadenza::server {
namespace {

struct ApiErrorBody {
    std::int32_t status{};
    std::string message;
    std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ApiErrorBody, (), (status, message, reason))
struct ApiErrorDocument {
    ApiErrorBody error;
};
BOOST_DESCRIBE_STRUCT(ApiErrorDocument, (), (error))

http::Failure fail(ProblemCode code, std::string_view detail) { return {code, std::string(detail), {}, {}}; }

// What is said is said at the beginning.
std::string words_of(const http::ClientResponse& answer) { return lower(answer.body.substr(0, 1'000)); }

struct Meaning {
    std::string_view words;  // in lower case
    ProblemCode code;
    std::string_view detail;
};

constexpr std::string_view ask_the_owner =
    "This Spotify account is not on the app's list of users: its owner can add it at "
    "developer.spotify.com/dashboard, under User Management.";

// Spotify says some things in plain text only, and changes the words now and then.
constexpr Meaning said_in_words[] = {
    {"required for the owner", ProblemCode::owner_not_premium,
     "The owner of this Spotify app needs Premium. After a change it can take a few hours."},
    {"may not be registered", ProblemCode::not_registered, ask_the_owner},
    {"user not registered", ProblemCode::not_registered, ask_the_owner},
    {"user not approved", ProblemCode::not_registered, ask_the_owner},
    {"insufficient client scope", ProblemCode::reauthorize,
     "This needs a permission that was not given: sign in again."},
    {"premium required", ProblemCode::premium_required, "Spotify lets only Premium accounts do this."},
};

constexpr std::string_view use_the_device =
    "This device does not let other programs do that: use the device itself.";

// https://developer.spotify.com/documentation/web-api/reference, the player's errors.
constexpr Meaning given_as_reason[] = {
    {"PREMIUM_REQUIRED", ProblemCode::premium_required, "Spotify lets only Premium accounts do this."},
    {"NO_ACTIVE_DEVICE", ProblemCode::no_active_device, "Nothing is playing anywhere: choose a device."},
    {"DEVICE_NOT_CONTROLLABLE", ProblemCode::restricted, use_the_device},
    {"REMOTE_CONTROL_DISALLOW", ProblemCode::restricted, use_the_device},
    {"VOLUME_CONTROL_DISALLOW", ProblemCode::restricted,
     "This device does not let its volume be set: use the device itself."},
    {"CONTEXT_DISALLOW", ProblemCode::restricted, "Spotify does not allow that in what is playing now."},
    {"NO_PREV_TRACK", ProblemCode::restricted, "There is no track before this one."},
    {"NO_NEXT_TRACK", ProblemCode::restricted, "There is no track after this one."},
    {"RATE_LIMITED", ProblemCode::rate_limited, "That was too often in a row: wait a moment."},
};

template <class Matches>
std::optional<http::Failure> find(std::span<const Meaning> table, Matches matches) {
    const auto found = std::find_if(table.begin(), table.end(), matches);
    if (found == table.end()) return std::nullopt;
    return fail(found->code, found->detail);
}

std::optional<http::Failure> explained(const http::ClientResponse& answer, const std::string& reason) {
    if (auto known = find(given_as_reason, [&](const Meaning& one) { return one.words == reason; }))
        return known;
    const auto text = words_of(answer);
    return find(said_in_words, [&](const Meaning& one) { return text.find(one.words) != text.npos; });
}

http::Failure not_found(const http::ClientResponse& answer) {
    if (words_of(answer).find("device not found") != std::string::npos)
        return fail(ProblemCode::device_not_found, "That device is gone: choose another.");
    return fail(ProblemCode::not_found, "Spotify does not have this, or does not show it to this account.");
}

}  // namespace

std::string reason_of(const http::ClientResponse& answer) {
    const auto parsed = decode<ApiErrorDocument>(answer.body);
    return parsed ? parsed->error.reason.value_or("") : "";
}

http::Failure failure_of(const http::ClientResponse& answer) {
    if (answer.status == 403 || answer.status == 404) {
        if (auto known = explained(answer, reason_of(answer))) return *known;
    }
    switch (answer.status) {
        case 400: return fail(ProblemCode::bad_request, "Spotify refused this request.");
        case 401: return fail(ProblemCode::reauthorize, "Spotify wants you to sign in again.");
        case 403: return fail(ProblemCode::restricted, "Spotify does not allow this here.");
        case 404: return not_found(answer);
        default: return fail(ProblemCode::upstream_unavailable, "Spotify is having trouble.");
    }
}

http::Failure failure_of(const Error& error) {
    return error.code == Errc::timed_out
               ? upstream_too_late()
               : fail(ProblemCode::upstream_unavailable, "Spotify cannot be reached.");
}

http::Failure upstream_too_late() {
    return fail(ProblemCode::upstream_timeout, "Spotify did not answer in time.");
}

}  // namespace cadenza::server
