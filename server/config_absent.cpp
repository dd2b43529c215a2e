// Settings that have a name but no effect in this version: whoever sets one relies on it, and must be told.
// Where the server would do something else than was asked for, it does not start; where it only does without,
// it says so.
#include "server/config_absent.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cadenza::server {
namespace {

struct Absent {
    const char* name{};
    std::array<std::string_view, 2> harmless;  // values that ask for what is so anyway
    const char* problem{};
    bool only_without{};
};

constexpr Absent absent[] = {
    {"ADMIN_ADDR",
     {"", ""},
     "this version has no metrics and no admin address; leave it unset or empty",
     true},
};

}  // namespace

std::vector<ConfigProblem> refuse_absent(ConfigReader& reader) {
    std::vector<ConfigProblem> without;
    for (const auto& [name, harmless, problem, only_without] : absent) {
        const auto value = reader.text(name);
        if (!value || std::find(harmless.begin(), harmless.end(), *value) != harmless.end()) continue;
        if (only_without)
            without.push_back({name, problem});
        else
            reader.complain(name, problem);
    }
    return without;
}

}  // namespace cadenza::server
