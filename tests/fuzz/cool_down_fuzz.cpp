// How long a 429 keeps us quiet. Input: the line of Retry-After, then the body.
#include "server/spotify/cool_down.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

constexpr std::int64_t now = 1'700'000'000'000;
constexpr std::int64_t day = 24LL * 3'600 * 1'000;

CoolDown after(std::string_view field, std::string_view body) {
    http::ClientResponse answer{429, {}, std::string(body)};
    answer.headers.add("Retry-After", std::string(field));
    return cool_down_of(answer, now);
}

void run(std::string_view input) {
    const auto field = take(input, '\n');
    const auto cooling = after(field, input);
    const auto wait = cooling.until - now;
    require(wait >= (cooling.quota ? 60'000 : 1'000) && wait <= day, "a second at least, a day at most");
    require(wait % 1'000 == 0, "whole seconds");
    require(cooling.quota || wait < 600'000, "hours are the quota");
    if (field.empty() || field.front() < '0' || field.front() > '9')
        require(wait <= 60'000, "what is no number of seconds says nothing");
    require(after(std::to_string(wait / 1'000), input) == cooling, "written again, the same");
    require(failure_of(cooling).retry_at == cooling.until, "people are told when it ends");
}

const Registration registration({"cool_down", run});

}  // namespace
}  // namespace cadenza::fuzz
