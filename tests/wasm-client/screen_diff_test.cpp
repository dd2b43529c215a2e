#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"
#include "wasm-client/html/screen.hpp"

#include <algorithm>

namespace cadenza::client {

namespace {

Region row(int number, int version = 0) {
    auto id = "row-" + std::to_string(number);
    auto markup = html("<li id=\"{}\">{}</li>", id, version);
    return {std::move(id), std::move(markup)};
}

Screen list(std::vector<Region> rows) { return {{}, {{"list", std::move(rows)}}}; }

// What the host does with the patches of one list.
std::vector<std::pair<std::string, std::string>> carry_out(const Screen& before,
                                                           const std::vector<Patch>& patches) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& row : before.lists[0].rows) rows.emplace_back(row.id, row.markup.str());
    const auto find = [&](const std::string& id) {
        return std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == id; });
    };
    const auto id_in = [](const std::string& markup) {
        const auto begin = markup.find("id=\"") + 4;
        return markup.substr(begin, markup.find('"', begin) - begin);
    };
    for (const auto& patch : patches) {
        if (const auto* fill = std::get_if<patch::Fill>(&patch)) {
            rows.clear();
            for (std::size_t at = 0; at < fill->markup.size();) {
                const auto end = fill->markup.find("</li>", at) + 5;
                const auto markup = fill->markup.substr(at, end - at);
                rows.emplace_back(id_in(markup), markup);
                at = end;
            }
        } else if (const auto* insert = std::get_if<patch::Insert>(&patch)) {
            rows.insert(insert->before.empty() ? rows.end() : find(insert->before),
                        {id_in(insert->markup), insert->markup});
        } else if (const auto* move = std::get_if<patch::Move>(&patch)) {
            const auto moved = *find(move->target);
            rows.erase(find(move->target));
            rows.insert(move->before.empty() ? rows.end() : find(move->before), moved);
        } else if (const auto* gone = std::get_if<patch::Remove>(&patch)) {
            rows.erase(find(gone->target));
        } else if (const auto* morph = std::get_if<patch::Morph>(&patch)) {
            find(morph->target)->second = morph->markup;
        }
    }
    return rows;
}

}  // namespace

TEST_CASE("patches lead from any list to any other") {
    Random random(11);
    for (int round = 0; round < 3'000; ++round) {
        const auto some = [&] {
            std::vector<Region> rows;
            std::vector<int> numbers;
            for (int n = 0; n < 12; ++n)
                if (random.chance(60)) numbers.push_back(n);
            for (std::size_t i = numbers.size(); i > 1; --i)
                if (random.chance(40)) std::swap(numbers[i - 1], numbers[random.below(i)]);
            for (const auto n : numbers) rows.push_back(row(n, random.chance(20) ? 1 : 0));
            return list(std::move(rows));
        };
        const auto before = some();
        const auto after = some();
        const auto rows = carry_out(before, diff(before, after));
        REQUIRE(rows.size() == after.lists[0].rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CHECK(rows[i].first == after.lists[0].rows[i].id);
            CHECK(rows[i].second == after.lists[0].rows[i].markup.str());
        }
    }
}

TEST_CASE("only what changed is touched") {
    const auto before = list({row(1), row(2), row(3), row(4)});
    CHECK(diff(before, before).empty());
    CHECK(diff(before, list({row(1), row(2, 1), row(3), row(4)})) ==
          std::vector<Patch>{patch::Morph{"row-2", row(2, 1).markup.str()}});
    CHECK(diff(before, list({row(4), row(1), row(2), row(3)})) ==
          std::vector<Patch>{patch::Move{"row-4", "row-1"}});
    CHECK(diff(before, list({row(2), row(3), row(4), row(5)})) ==
          std::vector<Patch>{patch::Remove{"row-1"}, patch::Insert{"list", "", row(5).markup.str()}});
    CHECK(diff(before, list({row(8), row(9)})).size() == 1);
}

TEST_CASE("regions are morphed when they changed") {
    const Screen before{{{"top", html("<p></p>")}, {"main", html("<p></p>")}}, {}};
    auto after = before;
    after.regions[1].markup = html("<b></b>");
    CHECK(diff(before, after) == std::vector<Patch>{patch::Morph{"main", "<b></b>"}});
}

}  // namespace cadenza::client
