#include "shared/api/problem.hpp"

#include "shared/base/json_type.hpp"

namespace cadenza {

namespace {

struct Row {
    ProblemCode code;
    int status;
    std::string_view title;
};

constexpr Row rows[] = {
    {ProblemCode::bad_request, 400, "The request could not be understood."},
    {ProblemCode::invalid_body, 400, "The request's body could not be understood."},
    {ProblemCode::not_found, 404, "There is nothing here."},
    {ProblemCode::method_not_allowed, 405, "This address does not answer that method."},
    {ProblemCode::too_large, 413, "The request is too large."},
    {ProblemCode::signed_out, 401, "Sign in to continue."},
    {ProblemCode::reauthorize, 401, "Spotify asks you to sign in again."},
    {ProblemCode::account_changed, 409, "Another account is signed in now."},
    {ProblemCode::origin_refused, 403, "The request came from another site."},
    {ProblemCode::header_missing, 403, "The request lacks the header that proves where it came from."},
    {ProblemCode::rate_limited, 429, "Too many requests; wait a moment."},
    {ProblemCode::quota_cooldown, 429, "Spotify's daily allowance is used up."},
    {ProblemCode::budget_spent, 429, "Today's requests to Spotify are used up."},
    {ProblemCode::upstream_unavailable, 502, "Spotify cannot be reached."},
    {ProblemCode::upstream_timeout, 504, "Spotify did not answer in time."},
    {ProblemCode::store_unavailable, 503, "Sessions cannot be read right now."},
    {ProblemCode::store_cannot, 409, "This server's session store cannot do that."},
    {ProblemCode::not_registered, 403, "This Spotify account is not on the app's list of users."},
    {ProblemCode::owner_not_premium, 403, "The app's owner needs Spotify Premium."},
    {ProblemCode::premium_required, 403, "Playing needs Spotify Premium."},
    {ProblemCode::no_active_device, 404, "No device is playing."},
    {ProblemCode::device_not_found, 404, "That device is gone."},
    {ProblemCode::restricted, 403, "Spotify does not allow that here."},
    {ProblemCode::conflict, 409, "Something changed in the meantime."},
    {ProblemCode::internal, 500, "Something went wrong on this server."},
};

const Row& row_of(ProblemCode code) noexcept {
    for (const auto& row : rows)
        if (row.code == code) return row;
    return rows[std::size(rows) - 1];
}

}  // namespace

int status_of(ProblemCode code) noexcept { return row_of(code).status; }
std::string_view title_of(ProblemCode code) noexcept { return row_of(code).title; }

ProblemCode code_of(const Problem& problem) noexcept {
    constexpr std::string_view prefix = "/problems/";
    ProblemCode code = ProblemCode::internal;
    if (std::string_view(problem.type).starts_with(prefix))
        (void)json::type_of<ProblemCode>.set_text(&code,
                                                  std::string_view(problem.type).substr(prefix.size()));
    return code;
}

}  // namespace cadenza
