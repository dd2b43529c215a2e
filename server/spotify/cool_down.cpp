#include "server/spotify/cool_down.hpp"

#include "server/spotify/failure.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::server {
namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t day_s = longest_cool_down_ms / second;
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

std::string to_text(const CoolDown& cooling) {
    return (cooling.quota ? "quota " : "rate ") + std::to_string(cooling.until);
}

std::optional<CoolDown> read_cool_down(std::string_view text) {
    const auto space = text.find(' ');
    if (space == text.npos) return std::nullopt;
    const auto kind = text.substr(0, space);
    const auto time = text.substr(space + 1);
    CoolDown out{0, kind == "quota"};
    const auto read = std::from_chars(time.data(), time.data() + time.size(), out.until);
    if (read.ec != std::errc() || read.ptr != time.data() + time.size()) return std::nullopt;
    return out.quota || kind == "rate" ? std::optional(out) : std::nullopt;
}

http::Failure failure_of(const CoolDown& cooling) {
    return {cooling.quota ? ProblemCode::quota_cooldown : ProblemCode::rate_limited,
            cooling.quota ? "This app's daily quota at Spotify is used up. Music that plays here goes on."
                          : "Spotify asks this app to wait.",
            {},
            cooling.until};
}

}  // namespace cadenza::server
