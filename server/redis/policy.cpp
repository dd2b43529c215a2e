#include "server/redis/policy.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace cadenza::redis {
namespace {

constexpr std::array<std::pair<std::string_view, Verdict>, 8> verdicts{{
    {"LOADING", Verdict::wait},
    {"MASTERDOWN", Verdict::wait},
    {"BUSY", Verdict::wait},
    {"TRYAGAIN", Verdict::wait},
    {"CLUSTERDOWN", Verdict::wait},
    {"READONLY", Verdict::elsewhere},
    {"MOVED", Verdict::moved},
    {"ASK", Verdict::ask},
}};

}  // namespace

Verdict verdict_on(const Reply& reply) {
    const auto code = error_code(reply);
    const auto* const found = std::find_if(verdicts.begin(), verdicts.end(),
                                           [&](const auto& entry) { return entry.first == code; });
    return found == verdicts.end() ? Verdict::answer : found->second;
}

Patience::Patience(const Timeouts& timeouts, server::Deadline deadline, Jitter jitter)
    : end_(std::min(deadline, std::chrono::steady_clock::now() + timeouts.patience)),
      jitter_(std::move(jitter)) {}

asio::awaitable<bool> Patience::pause() {
    const auto now = std::chrono::steady_clock::now();
    // At least half of the bound: a state that lasts should not be asked about in a hurry.
    const auto length = bound_ * (0.5 + jitter_() / 2);
    const auto until = now + std::chrono::duration_cast<std::chrono::milliseconds>(length);
    if (until >= end_) co_return false;
    bound_ = std::min(bound_ * 2, std::chrono::milliseconds(200));
    asio::steady_timer timer(co_await asio::this_coro::executor, until);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return true;
}

Error state_error(const Reply& reply) {
    return {Errc::storage_failed, "redis: " + std::string(error_code(reply))};
}

}  // namespace cadenza::redis
