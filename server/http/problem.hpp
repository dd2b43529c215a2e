#pragma once

#include "server/http/guard.hpp"
#include "server/http/message.hpp"
#include "shared/api/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::http {

// Why a handler could not do what was asked; what the answer's problem document is made from.
struct Failure {
    ProblemCode code{ProblemCode::internal};
    std::string detail;  // for the person at the other end: no secrets, no inner workings
    std::vector<FieldError> errors;
    std::optional<std::int64_t> retry_at;  // since 1970, in ms
    int status{};                          // 0: the code's own
    std::string allow;                     // with method_not_allowed: what would be right, "GET, HEAD"
    bool operator==(const Failure&) const = default;
};

template <class T>
using Outcome = boost::system::result<T, Failure>;
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location& where);

// application/problem+json, with Retry-After and Allow where there is something to say.
Response problem(const Failure& failure, const std::string& request_id, std::int64_t now);

// The same for what the guard refused.
Failure failure_of(const Refusal& refusal);

// method_not_allowed, for an address that answers `allow`.
Failure wrong_method(std::string allow);

// From the codec's "$.items[3].name: string expected": code and place apart.
Failure unreadable(ProblemCode code, const Error& error);

}  // namespace cadenza::http
