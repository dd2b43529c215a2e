// A target that fails: proof that a broken property stops the replay, and that libFuzzer finds one.
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

void run(std::string_view input) { require(!input.starts_with("FUZZ"), "the probe's property"); }

const Registration registration({"probe", run});

}  // namespace
}  // namespace cadenza::fuzz
