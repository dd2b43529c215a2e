// The contract's decoder: what it accepts encodes, and decodes to the same value.
#include "shared/api/edit.hpp"
#include "shared/api/player_command.hpp"
#include "shared/api/problem.hpp"
#include "shared/base/json.hpp"
#include "shared/model/playback.hpp"
#include "shared/model/search.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

template <class T>
void check(std::string_view input) {
    const auto value = decode<T>(input);
    if (!value) {
        require(!value.error().detail.empty(), "a refusal says where");
        require(!decode<T>(input, UnknownFields::refuse), "what is refused is refused strictly");
        return;
    }
    const auto text = encode(*value);
    const auto back = decode<T>(text, UnknownFields::refuse);
    require(back.has_value(), "what is encoded decodes");
    require(*back == *value, "to the same value");
    require(encode(*back) == text, "and encodes the same");
}

void run(std::string_view input) {
    check<SearchResults>(input);
    check<Playback>(input);
    check<Edit>(input);
    check<PlayerCommand>(input);
    // What was dropped is counted, not kept.
    if (const auto tracks = decode<json::Lenient<Track>>(input)) {
        const auto back = decode<json::Lenient<Track>>(encode(*tracks));
        require(back && back->items == tracks->items && back->dropped == Count{},
                "the readable entries stay");
    }
}

const Registration registration({"json", run});

}  // namespace
}  // namespace cadenza::fuzz
