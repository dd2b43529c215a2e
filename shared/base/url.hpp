#pragma once

#include "shared/base/error.hpp"

#include <string>
#include <string_view>

namespace cadenza {

// An address that is safe to put into href or src: https, or http on a loopback literal or localhost
// (the emulator). No user info, no spaces or control characters; at most 2,048 bytes.
class Url {
public:
    static constexpr std::string_view pattern = "^https?://[^\\s@]+$";

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
