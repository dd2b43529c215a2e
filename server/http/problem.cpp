#include "server/http/problem.hpp"

#include "shared/base/json.hpp"

#include <algorithm>
#include <stdexcept>

namespace cadenza::http {

Response problem(const Failure& failure, const std::string& request_id, std::int64_t now) {
    Problem document;
    document.type = "/problems/" + std::string(json::type_of<ProblemCode>.get_text(&failure.code));
    document.title = title_of(failure.code);
    document.status = failure.status != 0 ? failure.status : status_of(failure.code);
    document.detail = failure.detail;
    document.request_id = request_id;
    if (!failure.errors.empty()) document.errors = failure.errors;
    if (failure.retry_at) document.retry_at = *failure.retry_at;

    auto response = Response::json(encode(document), document.status);
    response.headers.set("Content-Type", "application/problem+json");
    if (!failure.allow.empty()) response.headers.set("Allow", failure.allow);
    if (failure.retry_at) {
        const auto wait = std::max<std::int64_t>(1, (*failure.retry_at - now + 999) / 1000);
        response.headers.set("Retry-After", std::to_string(wait));
    }
    return response;
}

Failure failure_of(const Refusal& refusal) {
    Failure out{ProblemCode::bad_request, refusal.reason, {}, {}};
    out.status = refusal.status;
    switch (refusal.status) {
        case 413:
        case 414:
        case 431: out.code = ProblemCode::too_large; break;
        case 429: out.code = ProblemCode::rate_limited; break;
        case 501:  // a method or a Transfer-Encoding that we do not have
            if (refusal.reason == "method") out.code = ProblemCode::method_not_allowed;
            break;
        case 500:
            out.code = ProblemCode::internal;
            out.detail.clear();
            break;
        default: break;
    }
    return out;
}

Failure wrong_method(std::string allow) {
    Failure out{ProblemCode::method_not_allowed, "Here: " + allow + ".", {}, {}};
    out.allow = std::move(allow);
    return out;
}

Failure unreadable(ProblemCode code, const Error& error) {
    const auto colon = error.detail.find(": ");
    if (colon == error.detail.npos) return {code, error.detail, {}, {}};
    return {code, error.detail, {{error.detail.substr(0, colon), error.detail.substr(colon + 2)}}, {}};
}

void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
    throw std::logic_error("unchecked failure: " + failure.detail);
}

}  // namespace cadenza::http
