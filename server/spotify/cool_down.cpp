#include "server/spotify/cool_down.hpp"

#include "server/spotify/failure.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::server {
namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t day_s = 24LL * 3'600;
constexpr std::int64_t least_of_quota_s = 60;
constexpr std::int64_t surely_quota_s = 600;

std::int64_t retry_after_s(const http::ClientResponse& answer) {
    const auto field = answer.headers.find("Retry-After").value_or("");
    std::int64_t seconds{};
    const auto read = std::from_chars(field.data(), field.data() + field.size(), seconds);
    const bool huge = read.ec == std::errc::result_out_of_range && !field.starts_with('-');
    return huge ? day_s : seconds;
}

}  // namespace

CoolDown cool_down_of(const http::ClientResponse& answer, std::int64_t now) {
    const auto asked = retry_after_s(answer);
    const bool quota = reason_of(answer) == "QUOTA_EXCEEDED" || asked >= surely_quota_s;
    const auto wait = std::clamp<std::int64_t>(asked, quota ? least_of_quota_s : 1, day_s);
    return {now + wait * second, quota};
}

http::Failure failure_of(const CoolDown& cooling) {
    return {cooling.quota ? ProblemCode::quota_cooldown : ProblemCode::rate_limited,
            cooling.quota ? "This app's daily quota at Spotify is used up. Music that plays here goes on."
                          : "Spotify asks this app to wait.",
            {},
            cooling.until};
}

}  // namespace cadenza::server
