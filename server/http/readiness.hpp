#pragma once

// Whether traffic should come here, from conditions that may flicker: one counts as bad only after it was bad
// for a while, and as good again only after it was good for a while, so that a hiccup does not take every
// replica out at once. Pure: time is a parameter, in milliseconds on any one clock.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cadenza::http {

class Readiness {
public:
    struct Patience {
        std::chrono::milliseconds bad{5'000};   // how long a condition is bad before it counts
        std::chrono::milliseconds good{2'000};  // and good before it is forgiven
    };

    explicit Readiness(Patience patience) : patience_(patience) {}
    Readiness() : Readiness(Patience{}) {}

    // What was just seen of a condition; one never seen is good. `name` is a fixed word such as "store": it
    // is shown to everybody.
    void report(const std::string& name, bool good, std::int64_t now);
    // From now on this condition is told, but nobody is sent elsewhere because of it: there is something to
    // fall back on.
    void tolerate(const std::string& name) { conditions_[name].tolerated = true; }
    // For good: the process ends.
    void stop() { stopping_ = true; }

    bool is_ready(std::int64_t now) const;
    // "ready", "stopping", or what is bad: "not ready: store", "ready without: store".
    std::string describe(std::int64_t now) const;

private:
    struct Condition {
        bool good{true};
        bool counted_good{true};  // as it was when `good` last changed
        std::int64_t since{};
        bool tolerated{};
    };
    bool counts_good(const Condition& condition, std::int64_t now) const;

    Patience patience_;
    std::map<std::string, Condition> conditions_;
    bool stopping_{};
};

}  // namespace cadenza::http
