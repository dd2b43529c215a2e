// Text of any script as search compares it, and instants.
#include "shared/base/json.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

void run(std::string_view input) {
    const auto folded = fold(input);
    require(fold(folded) == folded, "folded once is folded");
    require(folded.find("  ") == folded.npos && !folded.starts_with(' ') && !folded.ends_with(' '),
            "one space between words");
    require(matches_words(folded, folded), "text matches itself");
    const auto count = count_characters(input);
    require(count <= input.size() && first_characters(input, count) == input, "all of its characters");
    std::string quoted;
    append_json_string(quoted, input);
    require(decode<std::string>(quoted).has_value(), "quoted, it is JSON");
    if (const auto instant = parse_instant(input)) {
        const auto whole = *instant - *instant % 1000;
        require(*instant < 0 || parse_instant(format_instant(*instant)) == whole,
                "an instant, written again");
    }
}

const Registration registration({"text", run});

}  // namespace
}  // namespace cadenza::fuzz
