#pragma once

// The whole page as values, and what has to change to get from one to the next. Regions are small and morphed
// whole; lists are compared row by row, so that only rows that changed reach the page.

#include "wasm-client/html/html.hpp"
#include "wasm-client/ports/host.hpp"

#include <string>
#include <vector>

namespace cadenza::client {

// An element with this id; `markup` is the element itself.
struct Region {
    std::string id;
    Html markup;
    bool operator==(const Region&) const = default;
};

// The rows of an element with data-list that is in some region. `id` of a row is that of its element.
struct Rows {
    std::string list;
    std::vector<Region> rows;
    bool operator==(const Rows&) const = default;
};

struct Screen {
    std::vector<Region> regions;
    std::vector<Rows> lists;
    bool operator==(const Screen&) const = default;
};

// Names the markup: what prerender wrote into the page, and what the core believes to be there.
std::string shell_id(const Screen& screen);

// Patches that turn a page showing `before` into one showing `after`, in the order they must be applied. Both
// have the same regions.
std::vector<Patch> diff(const Screen& before, const Screen& after);

}  // namespace cadenza::client
