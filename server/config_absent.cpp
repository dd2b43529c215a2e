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
    {"WORKERS", {"1", "1"}, "this version runs in one process; 1 would be right, or leave it unset"},
    {"REPLICAS",
     {"1", "1"},
     "this version keeps sessions in memory, so there can be one replica only; 1 would be right, or leave it "
     "unset"},
    {"REDIS_URL", {"", ""}, "this version keeps sessions in memory only; leave it unset"},
    {"STORE_FALLBACK",
     {"memory", "none"},
     "this version keeps sessions in memory only, with nothing to fall back from; leave it unset"},
    {"RATE_LIMIT",
     {"off", "off"},
     "this version does not limit rates (a proxy before it can); off would be right, or leave it unset",
     true},
    {"FORWARDED_ALLOW_IPS",
     {"none", "none"},
     "this version does not read X-Forwarded-*; leave it unset",
     true},
    {"TLS_CERT_FILE",
     {"", ""},
     "this version does not serve https itself; put a proxy before it and leave it unset"},
    {"TLS_KEY_FILE",
     {"", ""},
     "this version does not serve https itself; put a proxy before it and leave it unset"},
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
    const auto store = reader.choice("SESSION_STORE", {"auto", "memory", "redis", "cookie"}, 0);
    if (store > 1)
        reader.complain("SESSION_STORE",
                        "this version keeps sessions in memory only; auto or memory would be right");
    return without;
}

}  // namespace cadenza::server
