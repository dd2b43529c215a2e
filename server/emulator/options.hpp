#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cadenza::emulator {

struct Options {
    std::uint64_t seed{1};
    std::size_t users{2};
    std::size_t liked{2'000};
    std::size_t playlists{40};
    bool auto_approve{};  // nobody is asked; the first user agrees at once
    bool harsh{};         // as awkward as the real one may be
    bool control{true};   // serve /_emulator
    std::vector<std::pair<std::string, std::string>> clients{{"cadenza-demo", "cadenza-demo-secret"}};
    std::vector<std::string> redirects;  // empty: any loopback literal
    std::string base;                    // where it is reached from outside: "http://127.0.0.1:8001"
    std::string prefix;                  // what requests' paths begin with: "", "/_demo"
    std::int64_t lag_ms{500};            // how long reads of the player lag behind writes
    int rate_limit{400};                 // Web API requests in a rolling 30 s
    int daily_quota{1'000'000};          // and in 24 h
};

}  // namespace cadenza::emulator
