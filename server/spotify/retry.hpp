#pragma once

// When a request to Spotify that failed is sent once more. Retries are spread, so that those who failed
// together do not come back together, and they are few beside the requests, so that a Spotify in trouble is
// not asked twice as much.

#include <chrono>
#include <optional>

namespace cadenza::server {

// What retries may cost: a tenth of the requests, and no more than ten in a row. Full at the start.
class RetryBudget {
public:
    // A request was sent, whether for the first time or again.
    void add_request() noexcept;
    // Takes a retry; false when none is left.
    bool take() noexcept;

private:
    static constexpr int retry = 10;         // what one costs; a request brings 1
    static constexpr int most = 10 * retry;  // what is saved
    int saved_{most};
};

// How long to wait before a retry. `asked` is what Spotify wants to be left alone for, nullopt where it does
// not say; `draw` is a random number in [0, 1). nullopt: Spotify asks for more than is waited for, or too
// little of `left`, the request's time, would remain.
std::optional<std::chrono::milliseconds> retry_wait(std::optional<std::chrono::milliseconds> asked,
                                                    std::chrono::milliseconds left, double draw) noexcept;

}  // namespace cadenza::server
