#pragma once

#include <cstdint>

namespace cadenza {

// An integer with its range in its type, so that the decoder refuses and the schema states it.
template <class Int, Int lowest, Int highest>
class Bounded {
public:
    using Value = Int;
    static constexpr Int min = lowest;
    static constexpr Int max = highest;
    static_assert(min <= max);

    constexpr Bounded() = default;
    // Clamps. Use it for values of our own; what comes from outside goes through decode, which refuses.
    constexpr Bounded(Int value)  // NOLINT(google-explicit-constructor): a number is a number
        : value_(value < min   ? min
                 : value > max ? max
                               : value) {}

    constexpr operator Int() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)
    constexpr Int get() const noexcept { return value_; }

private:
    Int value_{min > Int{0} ? min : Int{0}};
};

using Count = Bounded<std::int32_t, 0, 2'147'483'647>;           // how many, or how far into a list
using Millis = Bounded<std::int64_t, 0, 8'640'000'000'000'000>;  // a duration, or an instant since 1970
using Percent = Bounded<std::int32_t, 0, 100>;

}  // namespace cadenza
