#pragma once

#include "shared/base/error.hpp"
#include "shared/base/text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace cadenza {

// Text with its length in its type, in characters (code points), so that the decoder refuses and the schema
// states it.
template <std::size_t least, std::size_t most>
class BoundedText {
public:
    static constexpr std::size_t min_length = least;
    static constexpr std::size_t max_length = most;
    static_assert(least <= most);

    BoundedText() = default;
    // Cuts off what is too much. Use it for text of our own; what comes from outside goes through decode,
    // which refuses.
    template <class Text>
        requires std::is_convertible_v<const Text&, std::string_view>
    BoundedText(const Text& text)  // NOLINT(google-explicit-constructor): text is text
        : text_(first_characters(text, most)) {}

    // Errors: invalid_value.
    static Result<BoundedText> parse(std::string_view text) {
        if (count_characters(text) < least || first_characters(text, most).size() != text.size())
            return Error{Errc::invalid_value,
                         std::to_string(least) + " to " + std::to_string(most) + " characters expected"};
        return BoundedText(text);
    }

    const std::string& str() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

    bool operator==(const BoundedText&) const = default;

private:
    std::string text_;
};

}  // namespace cadenza
