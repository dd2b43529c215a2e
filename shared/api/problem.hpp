#pragma once

#include "shared/base/bounded.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza {

// Why a request was refused. The wire carries "/problems/<name>" as the problem's type.
enum class ProblemCode {
    bad_request,
    invalid_body,
    not_found,
    method_not_allowed,
    too_large,
    signed_out,
    reauthorize,
    account_changed,
    origin_refused,
    header_missing,
    rate_limited,
    quota_cooldown,
    budget_spent,
    upstream_unavailable,
    upstream_timeout,
    store_unavailable,
    store_cannot,
    not_registered,
    owner_not_premium,
    premium_required,
    no_active_device,
    device_not_found,
    restricted,
    conflict,
    internal,
};
BOOST_DESCRIBE_ENUM(ProblemCode, bad_request, invalid_body, not_found, method_not_allowed, too_large,
                    signed_out, reauthorize, account_changed, origin_refused, header_missing, rate_limited,
                    quota_cooldown, budget_spent, upstream_unavailable, upstream_timeout, store_unavailable,
                    store_cannot, not_registered, owner_not_premium, premium_required, no_active_device,
                    device_not_found, restricted, conflict, internal)

// The HTTP status a problem travels with, and its title: one sentence a listener can read.
int status_of(ProblemCode code) noexcept;
std::string_view title_of(ProblemCode code) noexcept;

// One thing wrong with a request: `place` is "$.seek.position_ms", "query.limit" or "path.id".
struct FieldError {
    std::string place;
    std::string reason;
    bool operator==(const FieldError&) const = default;
};
BOOST_DESCRIBE_STRUCT(FieldError, (), (place, reason))

// RFC 9457, application/problem+json: the body of every answer from 400 on.
struct Problem {
    std::string type;  // "/problems/not_found"
    std::string title;
    Bounded<std::int32_t, 400, 599> status;
    std::string detail;      // says what to do, for this case
    std::string request_id;  // to find it in the server's log
    std::optional<std::vector<FieldError>> errors;
    std::optional<Millis> retry_at;  // when trying again makes sense, since 1970

    bool operator==(const Problem&) const = default;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, detail, request_id, errors, retry_at))

// The code in `problem.type`; `internal` for a type we do not know.
ProblemCode code_of(const Problem& problem) noexcept;

}  // namespace cadenza
