#include "server/spotify/gateway.hpp"

#include "server/config_reader.hpp"
#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <charconv>

namespace cadenza::server {
namespace {

constexpr std::chrono::milliseconds request_timeout{10'000};
constexpr std::chrono::milliseconds retry_pause{250};
constexpr std::chrono::milliseconds patience{2'000};  // a shorter Retry-After is waited for
constexpr std::chrono::milliseconds worth_trying{1'000};

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

http::Failure fail(ProblemCode code, std::string detail) { return {code, std::move(detail), {}, {}}; }

// Spotify says some things in plain text only.
std::optional<http::Failure> plain_text_failure(std::string_view body) {
    if (body.find("premium subscription required for the owner") != body.npos)
        return fail(ProblemCode::owner_not_premium,
                    "The owner of this Spotify app needs Premium. After a change it can take a few hours.");
    if (body.find("user may not be registered") != body.npos)
        return fail(ProblemCode::not_registered,
                    "This Spotify account is not on the app's list of users: its owner can add it at "
                    "developer.spotify.com/dashboard, under User Management.");
    return std::nullopt;
}

http::Failure forbidden(const std::string& reason, const std::string& message) {
    if (reason == "PREMIUM_REQUIRED")
        return fail(ProblemCode::premium_required, "Spotify lets only Premium accounts do this.");
    if (message.find("Insufficient client scope") != message.npos)
        return fail(ProblemCode::reauthorize, "This needs a permission that was not given: sign in again.");
    return fail(ProblemCode::restricted, "Spotify does not allow this here.");
}

http::Failure missing(const std::string& reason, const std::string& message) {
    if (reason == "NO_ACTIVE_DEVICE")
        return fail(ProblemCode::no_active_device, "Nothing is playing anywhere: choose a device.");
    if (message.find("Device not found") != message.npos)
        return fail(ProblemCode::device_not_found, "That device is gone: choose another.");
    return fail(ProblemCode::not_found, "Spotify does not have this, or does not show it to this account.");
}

http::Failure failure_of(const Error& error) {
    return error.code == Errc::timed_out
               ? fail(ProblemCode::upstream_timeout, "Spotify did not answer in time.")
               : fail(ProblemCode::upstream_unavailable, "Spotify cannot be reached.");
}

std::int64_t retry_after_ms(const http::ClientResponse& answer) {
    const auto field = answer.headers.find("Retry-After").value_or("");
    std::int64_t seconds{};
    std::from_chars(field.data(), field.data() + field.size(), seconds);
    // Absent, zero and nonsense have all been seen.
    return std::clamp<std::int64_t>(seconds, 1, 7 * 24 * 3600) * 1000;
}

}  // namespace

http::Failure failure_of(const http::ClientResponse& answer) {
    const auto parsed = decode<ApiErrorDocument>(answer.body);
    const auto reason = parsed ? parsed->error.reason.value_or("") : "";
    const auto message = parsed ? parsed->error.message : "";
    switch (answer.status) {
        case 400: return fail(ProblemCode::bad_request, "Spotify refused this request.");
        case 401: return fail(ProblemCode::reauthorize, "Spotify wants you to sign in again.");
        case 403: {
            if (auto plain = plain_text_failure(answer.body)) return *plain;
            return forbidden(reason, message);
        }
        case 404: return missing(reason, message);
        default: return fail(ProblemCode::upstream_unavailable, "Spotify is having trouble.");
    }
}

struct Gateway::Task {
    Caller caller;
    Method method{Method::get};
    std::string target;
    std::string body{};
    bool renew{};    // the next attempt needs another token
    bool renewed{};  // it had one
    bool repeated{};
};

asio::awaitable<void> Gateway::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Result<http::ClientResponse>> Gateway::ask(const Secret& token, const Task& task) {
    const auto origin = origin_of(api_url_);
    http::ClientRequest request{.method = task.method,
                                .origin = origin,
                                .target = api_url_.substr(origin.size()) + task.target,
                                .headers = {},
                                .body = task.body};
    request.headers.add("Authorization", "Bearer " + token.reveal());
    request.headers.add("Accept", "application/json");
    if (!task.body.empty()) request.headers.add("Content-Type", "application/json");
    return transport_(std::move(request), at_most(request_timeout, task.caller.deadline));
}

http::Failure Gateway::cool_down(const http::ClientResponse& answer) {
    const auto parsed = decode<ApiErrorDocument>(answer.body);
    const bool quota = parsed && parsed->error.reason == "QUOTA_EXCEEDED";
    const auto until = clock_() + retry_after_ms(answer);
    // The later end counts: calling during a penalty makes it longer.
    if (!cooling_ || *cooling_->retry_at < until) {
        cooling_ = quota ? fail(ProblemCode::quota_cooldown, "This app's daily quota at Spotify is used up.")
                         : fail(ProblemCode::rate_limited, "Spotify asks this app to wait.");
        cooling_->retry_at = until;
        log_.warn("spotify_cool_down", {{"quota", quota}, {"until", until}});
    }
    return *cooling_;
}

http::Failure Gateway::explain(const Result<http::ClientResponse>& answer) {
    if (!answer) return failure_of(answer.error());
    return answer->status == 429 ? cool_down(*answer) : failure_of(*answer);
}

// nullopt: it stays with `failure`. A refused token is renewed once, for writes too, because nothing was done
// then. Anything else that may pass is tried again once, for reads.
std::optional<std::chrono::milliseconds> Gateway::wait_before_retry(
    Task& task, const Result<http::ClientResponse>& answer, const http::Failure& failure) const {
    if (answer && answer->status == 401) {
        if (std::exchange(task.renewed, true)) return std::nullopt;
        task.renew = true;
        return std::chrono::milliseconds(0);
    }
    if (task.method != Method::get || task.repeated) return std::nullopt;
    auto wait = retry_pause;
    if (answer && answer->status == 429) {
        wait = std::chrono::milliseconds(*failure.retry_at - clock_() + 1);
        if (failure.code == ProblemCode::quota_cooldown || wait > patience) return std::nullopt;
    } else if (answer && answer->status < 500) {
        return std::nullopt;
    }
    if (left(task.caller.deadline) < wait + worth_trying) return std::nullopt;
    task.repeated = true;
    return wait;
}

asio::awaitable<http::Outcome<std::string>> Gateway::perform(Task task) {
    for (;;) {
        if (cooling_ && *cooling_->retry_at > clock_()) co_return *cooling_;
        auto token = co_await task.caller.token(std::exchange(task.renew, false));
        if (!token) co_return token.error();
        if (left(task.caller.deadline).count() <= 0)
            co_return fail(ProblemCode::upstream_timeout, "Spotify did not answer in time.");
        auto answer = co_await ask(*token, task);
        if (answer && answer->status < 300) co_return std::move(answer->body);
        auto failure = explain(answer);
        const auto wait = wait_before_retry(task, answer, failure);
        if (!wait) co_return failure;
        metrics_.upstream_retries.add();
        if (wait->count() > 0) co_await pause(*wait);
    }
}

asio::awaitable<http::Outcome<std::string>> Gateway::get(Caller caller, std::string target) {
    auto key = caller.session + " " + target;
    co_return co_await reads_.run(std::move(key),
                                  [this, caller = std::move(caller), target = std::move(target)] {
                                      return perform({.caller = caller, .target = target});
                                  });
}

asio::awaitable<http::Outcome<std::string>> Gateway::send(Caller caller, Method method, std::string target,
                                                          std::string body) {
    return perform({.caller = std::move(caller),
                    .method = method,
                    .target = std::move(target),
                    .body = std::move(body)});
}

}  // namespace cadenza::server
