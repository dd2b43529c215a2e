#include "server/http/problem.hpp"

#include "shared/base/json.hpp"
#include "tests/support/catch.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <nlohmann/json.hpp>

namespace cadenza::http {
namespace {

using Document = nlohmann::json;

constexpr std::int64_t now = 1'796'000'000'000;

std::string field(const Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
}

TEST_CASE("every problem is a document with its own type, title and status") {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<ProblemCode>>([](auto described) {
        CAPTURE(described.name);
        const auto response = problem({.code = described.value, .detail = "why"}, "req-1", now);
        CHECK(field(response, "Content-Type") == "application/problem+json");
        CHECK(response.status >= 400);
        const auto document = Document::parse(response.body);
        CHECK(document["type"] == std::string("/problems/") + described.name);
        CHECK(document["status"] == response.status);
        CHECK(document["title"] == std::string(title_of(described.value)));
        CHECK(document["detail"] == "why");
        CHECK(document["request_id"] == "req-1");
        CHECK_FALSE(document.contains("errors"));
        CHECK_FALSE(document.contains("retry_at"));
        CHECK(response.headers.count("Retry-After") == 0);

        const auto read = decode<Problem>(response.body);
        REQUIRE(read);
        CHECK(code_of(*read) == described.value);
    });
}

TEST_CASE("Retry-After is whole seconds, rounded up, at least one") {
    const auto [in_ms, seconds] = GENERATE(table<std::int64_t, std::string>(
        {{0, "1"}, {1, "1"}, {1'000, "1"}, {1'001, "2"}, {90'000, "90"}, {-5'000, "1"}}));
    const auto response = problem({.code = ProblemCode::rate_limited, .retry_at = now + in_ms}, "req-1", now);
    CHECK(response.status == 429);
    CHECK(field(response, "Retry-After") == seconds);
    CHECK(Document::parse(response.body)["retry_at"] == now + in_ms);
}

TEST_CASE("hostile text stays inside its string") {
    const std::string hostile = "</script>\"\\\r\n\x01\xFF\xE2\x80\xA8";
    const auto response = problem(
        {.code = ProblemCode::bad_request, .detail = hostile, .errors = {{hostile, hostile}}}, hostile, now);
    const auto document = Document::parse(response.body);
    CHECK(document["errors"][0]["place"] == document["detail"]);
    CHECK(response.body.find("</") == std::string::npos);
    CHECK(response.body.find_first_of("\r\n") == std::string::npos);
    for (const auto& [name, value] : response.headers)
        CHECK(value.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("what the guard refused becomes a problem of its kind") {
    const auto refused = [](const Head& head) {
        const auto admission = request_guard(head, 0);
        REQUIRE(admission.has_error());
        CHECK(admission.error().status == 501);
        return admission.error();
    };
    const auto code = [](int status) { return failure_of({status, "rule"}).code; };
    for (const int status : {413, 414, 431}) CHECK(code(status) == ProblemCode::too_large);
    for (const int status : {400, 417, 505}) CHECK(code(status) == ProblemCode::bad_request);
    CHECK(failure_of(refused({.method = "BREW"})).code == ProblemCode::method_not_allowed);
    CHECK(failure_of(refused({.method = "POST",
                              .target = "/",
                              .fields = {{"Host", "h"}, {"Transfer-Encoding", "gzip"}}}))
              .code == ProblemCode::bad_request);
    CHECK(failure_of({400, "Host"}).detail == "Host");
    CHECK(failure_of({500, "what broke"}).code == ProblemCode::internal);
    CHECK(failure_of({500, "what broke"}).detail.empty());
    for (const int status : {400, 413, 414, 417, 431, 500, 501, 505}) {
        const auto response = problem(failure_of({status, "rule"}), "req-1", now);
        CHECK(response.status == status);
        CHECK(Document::parse(response.body)["status"] == status);
    }
}

TEST_CASE("a method that does not fit comes with those that do") {
    const auto response = problem(wrong_method("GET, HEAD"), "req-1", now);
    CHECK(response.status == 405);
    CHECK(field(response, "Allow") == "GET, HEAD");
    CHECK(problem({.code = ProblemCode::not_found}, "req-1", now).headers.count("Allow") == 0);
}

TEST_CASE("a codec's error is taken apart into place and reason") {
    const auto invalid =
        unreadable(ProblemCode::invalid_body, {Errc::invalid_value, "$.items[3].name: string expected"});
    CHECK(invalid == Failure{ProblemCode::invalid_body,
                             "$.items[3].name: string expected",
                             {{"$.items[3].name", "string expected"}},
                             {}});
    CHECK(unreadable(ProblemCode::invalid_body, {Errc::malformed_json, "not JSON"}).errors.empty());
}

TEST_CASE("an unchecked failure is a bug that says so") {
    CHECK_THROWS_WITH(Outcome<int>(Failure{ProblemCode::conflict, "twice", {}, {}}).value(),
                      "unchecked failure: twice");
    CHECK_THROWS_WITH(request_guard(Head{.method = "BREW"}, 0).value(), "unchecked refusal: method");
}

}  // namespace
}  // namespace cadenza::http
