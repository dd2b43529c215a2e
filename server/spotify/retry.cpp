#include "server/spotify/retry.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds spread{500};
constexpr milliseconds patience{2'000};  // a shorter Retry-After is waited for
constexpr milliseconds worth_trying{1'000};

}  // namespace

void RetryBudget::add_request() noexcept { saved_ = std::min(saved_ + 1, most); }

bool RetryBudget::take() noexcept {
    if (saved_ < retry) return false;
    saved_ -= retry;
    return true;
}

std::optional<milliseconds> retry_wait(std::optional<milliseconds> asked, milliseconds left,
                                       double draw) noexcept {
    const auto least = asked.value_or(milliseconds(0));
    if (least > patience) return std::nullopt;
    const auto wait =
        least + milliseconds(static_cast<milliseconds::rep>(static_cast<double>(spread.count()) * draw));
    if (left < wait + worth_trying) return std::nullopt;
    return wait;
}

}  // namespace cadenza::server
