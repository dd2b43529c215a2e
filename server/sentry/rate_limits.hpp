#pragma once

// What Sentry wants to be spared, and for how long.
// https://develop.sentry.dev/sdk/expected-features/rate-limiting/

#include "server/http/client.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cadenza::sentry {

class RateLimits {
public:
    // Reads the answer to an envelope, a good one as well. `now` in ms since 1970.
    void learn(const http::ClientResponse& answer, std::int64_t now);
    // Whether an item of `category` ("error") must not be sent.
    bool limits(std::string_view category, std::int64_t now) const;

private:
    void limit(std::string_view categories, std::int64_t until);

    // By category; "" is all. Only those that are known, so that it stays small.
    std::map<std::string, std::int64_t, std::less<>> until_;
};

}  // namespace cadenza::sentry
