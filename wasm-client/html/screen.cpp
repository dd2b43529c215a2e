#include "wasm-client/html/screen.hpp"

#include <algorithm>
#include <unordered_map>

namespace cadenza::client {
namespace {

const Rows* find_list(const Screen& screen, const std::string& id) {
    for (const auto& list : screen.lists)
        if (list.list == id) return &list;
    return nullptr;
}

// Marks a longest increasing subsequence: rows that stay where they are while the others move.
std::vector<bool> longest_increasing(const std::vector<std::size_t>& values) {
    std::vector<std::size_t> tails;  // index of the smallest end of a run of each length
    std::vector<std::size_t> previous(values.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto at =
            std::lower_bound(tails.begin(), tails.end(), values[i],
                             [&](std::size_t tail, std::size_t value) { return values[tail] < value; });
        if (at != tails.begin()) previous[i] = *std::prev(at);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    std::vector<bool> out(values.size(), false);
    if (tails.empty()) return out;
    for (auto i = tails.back(); i != values.size(); i = previous[i]) out[i] = true;
    return out;
}

void fill(const Rows& rows, std::vector<Patch>& patches) {
    std::string markup;
    for (const auto& row : rows.rows) markup += row.markup.str();
    patches.emplace_back(patch::Fill{rows.list, std::move(markup)});
}

// From the last row to the first, so that the row after one is already in its place.
void place_rows(const Rows& before, const Rows& after, std::vector<Patch>& patches) {
    std::unordered_map<std::string_view, std::size_t> old_place;
    for (std::size_t i = 0; i < before.rows.size(); ++i) old_place.emplace(before.rows[i].id, i);
    std::vector<std::size_t> kept;
    for (const auto& row : after.rows)
        if (const auto found = old_place.find(row.id); found != old_place.end())
            kept.push_back(found->second);
    const auto stays = longest_increasing(kept);
    std::size_t nth = kept.size();
    for (std::size_t i = after.rows.size(); i-- > 0;) {
        const auto& row = after.rows[i];
        const auto next = i + 1 < after.rows.size() ? after.rows[i + 1].id : std::string();
        const auto found = old_place.find(row.id);
        if (found == old_place.end()) {
            patches.emplace_back(patch::Insert{after.list, next, row.markup.str()});
            continue;
        }
        if (!stays[--nth]) patches.emplace_back(patch::Move{row.id, next});
        if (row.markup != before.rows[found->second].markup)
            patches.emplace_back(patch::Morph{row.id, row.markup.str()});
    }
}

void diff_rows(const Rows* before, const Rows& after, std::vector<Patch>& patches) {
    if (before && *before == after) return;
    if (!before || before->rows.empty() || after.rows.empty()) return fill(after, patches);
    std::unordered_map<std::string_view, bool> wanted;
    for (const auto& row : after.rows) wanted.emplace(row.id, true);
    std::vector<Patch> removed;
    for (const auto& row : before->rows)
        if (wanted.find(row.id) == wanted.end()) removed.emplace_back(patch::Remove{row.id});
    // Nothing in common: one piece is quicker than many.
    if (removed.size() == before->rows.size()) return fill(after, patches);
    patches.insert(patches.end(), removed.begin(), removed.end());
    place_rows(*before, after, patches);
}

}  // namespace

std::string shell_id(const Screen& screen) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a
    for (const auto& region : screen.regions)
        for (const char c : region.markup.str())
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3;
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> shift) & 15];
    return out;
}

std::vector<Patch> diff(const Screen& before, const Screen& after) {
    std::vector<Patch> patches;
    for (std::size_t i = 0; i < after.regions.size(); ++i) {
        const auto& region = after.regions[i];
        if (i >= before.regions.size() || before.regions[i] != region)
            patches.emplace_back(patch::Morph{region.id, region.markup.str()});
    }
    for (const auto& list : after.lists) diff_rows(find_list(before, list.list), list, patches);
    return patches;
}

}  // namespace cadenza::client
