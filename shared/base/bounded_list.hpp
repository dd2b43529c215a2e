#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace cadenza {

// A list with its length in its type, so that the decoder refuses and the schema states it. A list of our own
// is not checked: whoever fills it keeps to the bounds.
template <class T, std::size_t least_entries, std::size_t most_entries>
class BoundedList : public std::vector<T> {
public:
    static constexpr std::size_t least = least_entries;
    static constexpr std::size_t most = most_entries;
    static_assert(least <= most);

    using std::vector<T>::vector;
    BoundedList() = default;
    BoundedList(std::vector<T> entries)  // NOLINT(google-explicit-constructor): a list is a list
        : std::vector<T>(std::move(entries)) {}
};

}  // namespace cadenza
