#pragma once

#include "shared/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cadenza {

// An address that is safe to put into href or src: https, or http on a loopback literal or localhost
// (the emulator). ASCII only, no user info, no spaces or control characters.
class Url {
public:
    static constexpr std::string_view pattern =
        R"(^(https://([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])|http://(127\.0\.0\.1|\[::1\]|localhost)))"
        R"((:[0-9]{1,5})?([/?#][!#-;=?-\[\]_a-~]*)?$)";
    static constexpr std::size_t max_length = 2048;

    // Errors: invalid_value.
    static Result<Url> parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }
    // "https://i.scdn.co" of "https://i.scdn.co/image/ab67": scheme, host and port as written.
    std::string_view origin() const noexcept;

    bool operator==(const Url&) const = default;

private:
    std::string text_;
};

}  // namespace cadenza
